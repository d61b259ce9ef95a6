"""Answers that are one class: right and wrong, sure and unsure, taken for which other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preprocess.core.decisions import chosen_classes
from preprocess.report.answers.class_table import by_class
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Block, Cell, KeyFigure, Table
from preprocess.report.prose import Text, against, join, markup, name, percent, plural

_MOST_MATRIX = 12
_SURE = 0.9
_DARKEST = 0.65  # so that the number can be read


def describe_classes(evaluated: EvaluatedModel, label: str) -> Text:
    """Describes how good the answers to a label of one class are."""
    return join(
        [_accuracy(evaluated, label), _mistake(evaluated, label), _confidence(evaluated, label)]
    )


def probabilities(evaluated: EvaluatedModel, label: str) -> NDArray[np.float32]:
    """The probability of every class of a binary or category: float32 (rows, classes)."""
    _, answers = evaluated.of(label)
    return np.stack([1 - answers, answers], axis=1) if answers.ndim == 1 else answers


def is_right(evaluated: EvaluatedModel, label: str) -> NDArray[np.bool_]:
    """Whether each binary or category is answered rightly, as `measure` counts it: bool (rows,)."""
    truth, answers = evaluated.of(label)
    right: NDArray[np.bool_] = truth == chosen_classes(answers)
    return right


def class_blocks(evaluated: EvaluatedModel, label: str) -> list[Block]:
    """Tables: which class is taken for which, and by class."""
    confusion = np.array(evaluated.measures[label]["confusion"])
    made = _mistakes if len(confusion) > _MOST_MATRIX else _matrix
    classes = evaluated.class_names(label)
    truth, answers = evaluated.of(label)
    every = np.arange(len(classes))
    decisions = truth[:, None] == every, chosen_classes(answers)[:, None] == every
    scores = evaluated.measures[label]["f1"]
    return [made(confusion, classes), by_class(decisions, classes, scores)]


def class_figure(evaluated: EvaluatedModel, label: str) -> KeyFigure:
    """The share of right answers."""
    measures = evaluated.measures[label]
    most = f"; the most frequent class alone: {percent(measures['majority'])}"
    note = f"of {evaluated.split}{most}"
    return KeyFigure(percent(measures["accuracy"]), f"right on {label}", note)


def class_credit(evaluated: EvaluatedModel, label: str) -> NDArray[np.float32]:
    """The probability of the true class: float32 (rows,)."""
    truth, _ = evaluated.of(label)
    credit: NDArray[np.float32] = probabilities(evaluated, label)[np.arange(len(truth)), truth]
    return credit


def class_answer(evaluated: EvaluatedModel, label: str, row: int) -> Text:
    """The answer with its probability, and that of the truth where it is another."""
    truth, answers = (array[row] for array in evaluated.of(label))
    given, classes = probabilities(evaluated, label)[row], evaluated.class_names(label)
    best = int(chosen_classes(answers[np.newaxis])[0])
    text = against(name(classes[truth]), name(classes[best]))
    rest = markup(" with {}", percent(given[best]))
    if best != truth and len(classes) > 2:
        rest += markup(", {} for the truth", percent(given[truth]))
    return text + rest


def _accuracy(evaluated: EvaluatedModel, label: str) -> Text:
    measures = evaluated.measures[label]
    accuracy, majority, total = measures["accuracy"], measures["majority"], measures["examples"]
    # The normal approximation of the binomial distribution, at 95 %.
    margin = 1.96 * math.sqrt(accuracy * (1 - accuracy) / total)
    return markup(
        "<b>{}</b> of the answers are right (±{:.1f} points, as chance goes with {}); always "
        "answering the most frequent class would give {}. {}",
        percent(accuracy),
        100 * margin,
        plural(total, "record"),
        percent(majority),
        _gain(accuracy, majority, margin),
    )


def _gain(accuracy: float, majority: float, margin: float) -> str:
    if majority == 1:
        return "There is but one class."
    if accuracy <= majority + margin:
        return "That is no better than chance allows: it does not show that anything was learnt."
    avoided = percent((accuracy - majority) / (1 - majority))
    return f"Of the errors of always answering the most frequent class, the model avoids {avoided}."


def _mistake(evaluated: EvaluatedModel, label: str) -> Text:
    """The most frequent one."""
    confusion, classes = (
        np.array(evaluated.measures[label]["confusion"]),
        evaluated.class_names(label),
    )
    wrong = confusion * (1 - np.eye(len(confusion), dtype=np.int64))
    if not wrong.any():
        return "There is no mistake."
    true, answered = divmod(int(wrong.argmax()), len(confusion))
    return markup(
        "The most frequent mistake is to answer {} for {}: {}, {} of these records.",
        name(classes[answered]),
        name(classes[true]),
        plural(int(wrong[true, answered]), "time"),
        percent(wrong[true, answered] / confusion[true].sum()),
    )


def _confidence(evaluated: EvaluatedModel, label: str) -> Text:
    """How far the probabilities can be believed."""
    claimed = probabilities(evaluated, label).max(axis=1)
    if not np.isfinite(claimed).all():
        return "Some answers are no finite numbers: the training failed."
    right = is_right(evaluated, label)
    sure = claimed >= _SURE
    text = markup(
        "{} of the answers have a probability of {} or more", percent(sure.mean()), "90 %"
    )
    found = (
        markup(", and {} of these are right.", percent(right[sure].mean())) if sure.any() else "."
    )
    return join([text + found, _calibration(float(claimed.mean()), float(right.mean()))])


def _calibration(claimed: float, right: float) -> Text:
    if claimed - right > 0.02:
        verdict = "more than the share that is right: the model is overconfident on average"
    elif right - claimed > 0.02:
        verdict = "less than the share that is right: the model is too modest on average"
    else:
        verdict = "close to the share that is right; whether each can be believed, see calibration"
    return markup("The mean probability is {}, {}.", percent(claimed), verdict)


def _matrix(confusion: NDArray[np.int64], classes: Sequence[str]) -> Table:
    rows: list[list[Text | Cell]] = []
    for true, counts in enumerate(confusion):
        total = max(int(counts.sum()), 1)
        cells = [Cell(f"{int(n):,}", heat=float(n) / total * _DARKEST) for n in counts]
        rows.append([Cell(name(classes[true]), is_header=True), *cells, f"{int(counts.sum()):,}"])
    caption = "Rows: truth; columns: answer; the darker, the larger the share of its row."
    headers = [markup(">{}", name(c)) for c in classes]
    return Table(caption, ["true ╲ answered", *headers, ">all"], rows)


def _mistakes(confusion: NDArray[np.int64], classes: Sequence[str]) -> Table:
    """What is mixed up most, for labels of many classes."""
    wrong = confusion * (1 - np.eye(len(confusion), dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:10]
    rows: list[list[Text | Cell]] = []
    for true, answered in zip(*np.unravel_index(order, wrong.shape), strict=True):
        if count := int(wrong[true, answered]):
            share = percent(count / confusion[true].sum())
            rows.append([name(classes[true]), name(classes[answered]), f"{count:,}", share])
    caption = "What is mixed up most, and for which share of the records of the true class."
    return Table(caption, ["truth", "answer", ">records", ">share"], rows)
