"""Learning curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from preprocess.report.charts.svg import chart, in_percent, panels
from preprocess.report.palette import COLOURS, DASHES, SOFT
from preprocess.report.prose import Text

_COLUMNS = 3
_HEIGHT = 2.3  # inches of a row


@dataclass(frozen=True)
class Curve:
    """A loss or a metric by epoch; `validation` is empty without a validation split."""

    title: str
    train: Sequence[float]
    validation: Sequence[float]


def training_chart(
    curves: Sequence[Curve], best: int, colours: Mapping[str, str]
) -> tuple[Markup, Text]:
    """A chart for each curve, and their caption.

    Args:
      curves: at least one.
      best: epoch, from 1, whose weights were kept.
      colours: by split.
    """
    rows = -(-len(curves) // min(_COLUMNS, len(curves)))

    def draw(figure: Figure) -> None:
        grid = panels(figure, len(curves), _COLUMNS)
        for axes, curve in zip(grid, curves, strict=True):
            _draw(axes, curve, best, colours)
        grid[0].legend(loc="best")

    alt = "Learning curves by epoch: " + ", ".join(curve.title for curve in curves) + "."
    caption = (
        f"Losses and metrics after each epoch; the dashed line marks epoch {best}, which was kept."
    )
    stacked = _HEIGHT * len(curves)
    return chart("training", alt, _HEIGHT * rows + 0.3, draw, stacked), caption


def _draw(axes: Axes, curve: Curve, best: int, colours: Mapping[str, str]) -> None:
    for split, values, default in (
        ("train", curve.train, COLOURS[0]),
        ("validation", curve.validation, COLOURS[1]),
    ):
        if values:
            epochs = np.arange(1, len(values) + 1)
            style = "o-" if len(values) <= 20 else "-"
            axes.plot(
                epochs, values, style, color=colours.get(split, default), label=split, markersize=4
            )
    axes.axvline(best, color=SOFT, linestyle=DASHES, linewidth=0.8)
    axes.set_title(curve.title)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    if len(curve.train) == 1:
        axes.set_xlim(0.5, 1.5)
    if "accuracy" in curve.title:
        in_percent(axes)
