"""Answers that are numbers: how far off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Block, Cell, KeyFigure, Table
from preprocess.report.prose import Text, against, join, markup, number, percent

_MOST_OUTPUTS = 25


def describe_numbers(evaluated: EvaluatedModel, label: str) -> Text:
    """Describes how good the answers to a number are."""
    measures, (truth, _) = evaluated.measures[label], evaluated.of(label)
    truth = truth.astype(np.float64)
    alone = float(np.abs(truth - np.median(truth, axis=0)).mean())
    spread = markup(
        "The truth lies between {} and {}.", number(float(truth.min())), number(float(truth.max()))
    )
    if measures["mae"] is None:
        return join([spread, "Some answers are no finite numbers: the training failed."])
    return join([spread, _error(measures["mae"], alone), _correlation(measures["correlation"])])


def _error(error: float, alone: float) -> Text:
    text = markup("On average the answer is off by <b>{}</b>", number(error))
    if not alone:
        return text + "."
    against = markup("{}; always answering the median would be off by {}", text, number(alone))
    if error >= alone:
        return against + ", so the model has not learnt this label."
    return against + f", {percent(1 - error / alone)} of which the model takes away."


def _correlation(value: float | None) -> Text:
    if value is None:
        return "The answers do not follow the truth: one of the two never changes."
    if value < -0.4:
        how = "run against the truth"
    else:
        strength = "closely" if value > 0.8 else "loosely" if value > 0.4 else "hardly"
        how = f"follow the truth {strength}"
    return markup("The answers {} (correlation {}).", how, f"{value:.2f}")


def number_blocks(evaluated: EvaluatedModel, label: str) -> list[Block]:
    """The measures of each number of a list; nothing for a single number."""
    measures = evaluated.measures[label]
    return [_outputs(measures["by_output"])] if "by_output" in measures else []


def number_figure(evaluated: EvaluatedModel, label: str) -> KeyFigure:
    """The mean error."""
    error = number(evaluated.measures[label]["mae"])
    return KeyFigure(error, f"error of {label}", f"mean error on {evaluated.split}")


def number_credit(evaluated: EvaluatedModel, label: str) -> NDArray[np.float32]:
    """How close each answer is, the closer the larger: float32 (rows,) or (rows, size)."""
    truth, answers = evaluated.of(label)
    credit: NDArray[np.float32] = -np.abs(answers - truth)
    return credit


def number_answer(evaluated: EvaluatedModel, label: str, row: int) -> Text:
    """Truth and answer of a row."""
    truth, answers = (array[row] for array in evaluated.of(label))
    return against(_listed(truth), _listed(answers))


def _listed(values: NDArray[np.float32]) -> str:
    return ", ".join(number(float(value)) for value in np.ravel(values))


def _outputs(outputs: Sequence[dict[str, Any]]) -> Table:
    rows: list[list[Text | Cell]] = [
        [str(place), *(number(output[key]) for key in ("mae", "rmse", "correlation"))]
        for place, output in enumerate(outputs[:_MOST_OUTPUTS])
    ]
    columns = [">place", ">mae", ">rmse", ">correlation"]
    return Table("The same for each number of the list, from place 0.", columns, rows)
