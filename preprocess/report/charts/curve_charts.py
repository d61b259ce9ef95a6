"""ROC curves, and a calibration plot beside them."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from preprocess.core.escaping import visible
from preprocess.report.answers.class_answers import is_right, probabilities
from preprocess.report.answers.probability_curves import Calibration, Points, roc_points
from preprocess.report.charts.answer_charts import Chart
from preprocess.report.charts.svg import chart, in_percent, panels
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.palette import COLOURS, DASHES, SOFT, colour
from preprocess.report.prose import markup, name, percent

_MOST_CLASSES = len(COLOURS)
_LONGEST = 18  # characters of a class in a legend

Curves = list[tuple[str, Points]]
"""Name and points of each curve."""


def binary_curves(evaluated: EvaluatedModel, label: str) -> Chart:
    """ROC and calibration of the probability of a yes."""
    truth, answers = evaluated.of(label)
    yes = name(evaluated.class_names(label)[1])
    points = roc_points(truth, answers)
    calibration = Calibration.of(truth, answers)
    caption = markup(
        "ROC: of the records that are {yes}, the share that is found, over the share of the others "
        "that is taken for {yes}, at every threshold; the dashed line is guessing. Calibration: "
        "how many of the records with about this probability of {yes} are {yes}; on the dashed "
        "line a probability can be taken at its word. On average they differ by {error}.",
        yes=yes,
        error=percent(calibration.error),
    )
    return _chart(label, [("", points)] if points else [], calibration), caption


def category_curves(evaluated: EvaluatedModel, label: str) -> Chart:
    """ROC of each class against all others, and calibration of the answers."""
    truth, _ = evaluated.of(label)
    given, classes = probabilities(evaluated, label), evaluated.class_names(label)
    frequent = np.argsort(-np.bincount(truth, minlength=len(classes)), kind="stable")
    found = [(classes[i], roc_points(truth == i, given[:, i])) for i in frequent[:_MOST_CLASSES]]
    curves = [(named, points) for named, points in found if points is not None]
    calibration = Calibration.of(is_right(evaluated, label), given.max(axis=1))
    rest = f", of the {_MOST_CLASSES} most frequent" if len(classes) > _MOST_CLASSES else ""
    caption = markup(
        "ROC of each class{}: the share of its records that is found, over the share of the others "
        "that is taken for it, at every threshold; the dashed line is guessing. Calibration: how "
        "many of the answers with about this probability are right; on the dashed line a "
        "probability can be taken at its word. On average they differ by {}.",
        rest,
        percent(calibration.error),
    )
    return _chart(label, curves, calibration), caption


def set_curves(evaluated: EvaluatedModel, label: str) -> Chart:
    """ROC of each class of a multilabel, and calibration of all its decisions."""
    truth, answers = evaluated.of(label)
    classes = evaluated.class_names(label)
    frequent = np.argsort(-truth.sum(axis=0), kind="stable")[:_MOST_CLASSES]
    found = [(classes[i], roc_points(truth[:, i], answers[:, i])) for i in frequent]
    curves = [(named, points) for named, points in found if points is not None]
    calibration = Calibration.of(truth.ravel(), answers.ravel())
    rest = f", of the {_MOST_CLASSES} most frequent" if len(classes) > _MOST_CLASSES else ""
    caption = markup(
        "ROC of each class{}: the share of its records that is found, over the share of the others "
        "that is taken for it, at every threshold; the dashed line is guessing. Calibration, of "
        "all classes: how many decisions with about this probability are yes; on the dashed line a "
        "probability can be taken at its word. On average they differ by {}.",
        rest,
        percent(calibration.error),
    )
    return _chart(label, curves, calibration), caption


def _chart(label: str, curves: Curves, calibration: Calibration) -> Markup:
    def draw(figure: Figure) -> None:
        left, right = panels(figure, 2)
        _roc(left, curves)
        _calibration(right, calibration)

    named = ", ".join(curve for curve, _ in curves if curve)
    alt = f"ROC curves of {label}{f': {named}' if named else ''}; and its calibration plot."
    return chart(f"curves-{label}", alt, 3.4, draw, stacked=6.4)


def _roc(axes: Axes, curves: Curves) -> None:
    _square(axes, "ROC")
    for place, (named, (x, y)) in enumerate(curves):
        axes.plot(x, y, color=colour(place), label=_short(named))
    if not curves:
        axes.text(0.5, 0.5, "one class alone", ha="center", color=SOFT)
    if any(named for named, _ in curves):
        axes.legend(loc="lower right")
    axes.set_xlabel("others taken for the class")
    axes.set_ylabel("its records found")


def _short(named: str) -> str:
    shown = visible(named)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return f" {shown}" if shown.startswith("_") else shown  # matplotlib hides names with one


def _calibration(axes: Axes, calibration: Calibration) -> None:
    _square(axes, "Calibration")
    sizes = 12 + 130 * calibration.records / max(calibration.records.max(initial=0), 1)
    axes.plot(calibration.claimed, calibration.found, color=COLOURS[0], linewidth=1)
    axes.scatter(calibration.claimed, calibration.found, sizes, color=COLOURS[0], zorder=3)
    axes.set_xlabel("probability, mean of a tenth")
    axes.set_ylabel("share that is true")


def _square(axes: Axes, title: str) -> None:
    axes.set_title(title)
    axes.plot([0, 1], [0, 1], color=SOFT, linestyle=DASHES, linewidth=0.8)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    in_percent(axes, "x")
    in_percent(axes, "y")
