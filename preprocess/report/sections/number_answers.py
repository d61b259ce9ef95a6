"""Answers that are numbers: how far off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Cell, Table
from preprocess.report.prose import Text, join, markup, number, percent

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


def output_table(outputs: Sequence[dict[str, Any]]) -> Table:
    """The measures of each number of a list."""
    rows: list[list[Text | Cell]] = [
        [str(place), *(number(output[key]) for key in ("mae", "rmse", "correlation"))]
        for place, output in enumerate(outputs[:_MOST_OUTPUTS])
    ]
    columns = [">place", ">mae", ">rmse", ">correlation"]
    return Table("The same for each number of the list, from place 0.", columns, rows)
