"""Answers that are sets of classes: a yes or no for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preprocess.core.decisions import is_yes
from preprocess.report.answers.class_table import by_class
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Block, KeyFigure
from preprocess.report.prose import Text, against, listing, markup, name, percent, plural


def describe_sets(evaluated: EvaluatedModel, label: str) -> Text:
    """Describes how good the answers to a multilabel are."""
    measures, (truth, _) = evaluated.measures[label], evaluated.of(label)
    never = 1 - float(truth.mean()) if truth.size else 0.0
    return markup(
        "<b>{}</b> of the yes-or-no decisions are right, against {} by always saying no{}; {} of "
        "the {} have every decision right.",
        percent(measures["accuracy"]),
        percent(never),
        "" if measures["accuracy"] > never else ", so the model has not learnt this label",
        percent(measures["exact_match"]),
        plural(measures["examples"], "record"),
    )


def set_blocks(evaluated: EvaluatedModel, label: str) -> list[Block]:
    """A table by class."""
    truth, answers = evaluated.of(label)
    decisions, scores = (truth == 1, is_yes(answers)), evaluated.measures[label]["f1"]
    return [by_class(decisions, evaluated.class_names(label), scores)]


def set_figure(evaluated: EvaluatedModel, label: str) -> KeyFigure:
    """The share of right decisions."""
    accuracy = evaluated.measures[label]["accuracy"]
    return KeyFigure(percent(accuracy), f"right on {label}", f"of {evaluated.split}")


def set_credit(evaluated: EvaluatedModel, label: str) -> NDArray[np.float32]:
    """The probability of each true decision: float32 (rows, classes)."""
    truth, answers = evaluated.of(label)
    return np.where(truth == 1, answers, 1 - answers)


def set_answer(evaluated: EvaluatedModel, label: str, row: int) -> Text:
    """The true classes of a row, and those answered."""
    truth, answers = (array[row] for array in evaluated.of(label))
    classes = evaluated.class_names(label)
    return against(_chosen(truth == 1, classes), _chosen(is_yes(answers), classes))


def _chosen(which: NDArray[np.bool_], classes: Sequence[str]) -> Text:
    return listing([name(classes[i]) for i in np.flatnonzero(which).tolist()]) or "none"
