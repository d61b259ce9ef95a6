"""Charts of answers: scores by truth, or answers over truths."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from preprocess.core.decisions import DECISION_THRESHOLD
from preprocess.report.answers.class_answers import class_credit, is_right
from preprocess.report.charts.svg import chart, in_percent, legend_above, panels
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.palette import COLOURS, DASHES, SOFT
from preprocess.report.prose import Text, markup, name

_HEIGHT = 2.6
_EDGES = np.linspace(0, 1, 41)
_MOST_POINTS = 1000
_NO, _YES = COLOURS[5], COLOURS[0]


Chart = tuple[Markup, Text]
"""A chart, and its caption."""


def decision_chart(evaluated: EvaluatedModel, label: str) -> Chart:
    """The chart of yes-or-no answers: those of a binary label, or the decisions of a multilabel."""
    is_set = evaluated.of(label)[0].ndim == 2
    truth, answers = (array.ravel() for array in evaluated.of(label))
    names = ("no", "yes") if is_set else evaluated.class_names(label)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for value, colour in ((0, _NO), (1, _YES)):
            _scores(axes, answers[truth == value], colour, f"truth: {names[value]}")
        axes.axvline(DECISION_THRESHOLD, color=SOFT, linestyle=DASHES, linewidth=0.8)
        _finish(axes, f"probability of {label}: {names[1]}", "share of the class")

    alt = f"Histograms of the probability that the model gives to {label}: {names[1]}, by truth."
    what = "decisions" if is_set else "records"
    caption = markup(
        "The probability that the model gives to {yes}, for {what} whose truth is {no} and {yes}, "
        "each as a share of its own; right of the dashed line the answer is {yes}. The less the "
        "two overlap, the better.",
        what=what,
        no=name(names[0]),
        yes=name(names[1]),
    )
    return chart(f"answers-{label}", alt, _HEIGHT, draw), caption


def class_chart(evaluated: EvaluatedModel, label: str) -> Chart:
    """The chart of answers that are one of several classes."""
    given = class_credit(evaluated, label)
    right = is_right(evaluated, label)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        heights = [_shares(given[right == value], len(given)) for value in (True, False)]
        axes.stairs(heights[0], _EDGES, fill=True, color=_YES, alpha=0.85, label="answered rightly")
        axes.stairs(
            heights[0] + heights[1],
            _EDGES,
            baseline=heights[0],
            fill=True,
            color=_NO,
            alpha=0.85,
            label="answered wrongly",
        )
        _finish(axes, f"probability of the true {label}", "share of records")

    alt = f"Histogram of the probability that the model gives to the true class of {label}."
    caption = (
        "The probability that the model gives to the true class; the further to the right, the "
        "better."
    )
    return chart(f"answers-{label}", alt, _HEIGHT, draw), caption


def _scores(axes: Axes, scores: NDArray[np.float32], colour: str, series: str) -> None:
    shares = _shares(scores, len(scores))
    axes.stairs(shares, _EDGES, color=colour, label=series)
    axes.stairs(shares, _EDGES, color=colour, alpha=0.18, fill=True)


def _shares(scores: NDArray[np.float32], total: int) -> NDArray[np.float64]:
    finite = scores[np.isfinite(scores)]
    return np.histogram(finite, _EDGES)[0] / max(total, 1)


def _finish(axes: Axes, x: str, y: str) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    in_percent(axes, "y")
    in_percent(axes, "x")
    legend_above(axes)


def number_chart(evaluated: EvaluatedModel, label: str) -> Chart:
    """The chart of answers that are numbers."""
    truth, answers = (array.ravel().astype(np.float64) for array in evaluated.of(label))
    finite = np.isfinite(truth) & np.isfinite(answers)
    truth, answers = truth[finite], answers[finite]

    def draw(figure: Figure) -> None:
        left, right = panels(figure, 2)
        _scatter(left, truth, answers)
        _errors(right, answers - truth)

    alt = f"Answers for {label} over the truth, and a histogram of the errors."
    caption = (
        "Each point is a record, or a number of its list; on the dashed line the answer is the "
        "truth. Errors: how far off the answers are."
    )
    if len(truth) > _MOST_POINTS:
        caption += f" {_MOST_POINTS:,} points of {len(truth):,} are drawn."
    return chart(f"answers-{label}", alt, 3.2, draw, stacked=6.0), caption


def _scatter(axes: Axes, truth: NDArray[np.float64], answers: NDArray[np.float64]) -> None:
    if len(truth):
        chosen = np.unique(np.linspace(0, len(truth) - 1, _MOST_POINTS).astype(int))
        axes.plot(truth[chosen], answers[chosen], "o", color=_YES, alpha=0.35, markersize=3, mew=0)
        ends = [float(truth.min()), float(truth.max())]
        axes.plot(ends, ends, color=SOFT, linestyle=DASHES, linewidth=1)
    axes.set_title("Answer over truth")
    axes.set_xlabel("truth")
    axes.set_ylabel("answer")


def _errors(axes: Axes, errors: NDArray[np.float64]) -> None:
    if len(errors):
        heights, edges = np.histogram(errors, 41)
        axes.stairs(heights / len(errors), edges, color=_YES, alpha=0.85, fill=True)
    axes.axvline(0, color=SOFT, linestyle=DASHES, linewidth=0.8)
    axes.set_title("Errors")
    axes.set_xlabel("answer − truth")
    axes.set_ylabel("share")
    in_percent(axes)
