"""The chart of lengths: a histogram with bucket boundaries, and the padding between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from preprocess.report.artifact_data import ArtifactData
from preprocess.report.charts.svg import chart, in_percent, legend_above
from preprocess.report.palette import DASHES, PADDING, SOFT
from preprocess.report.prose import Text, markup, plural

_BINS = 90
_CLOSE = 0.35  # inches between two labels of the axis that do not touch


def length_chart(data: ArtifactData, name: str) -> tuple[Markup, Text]:
    """The chart of a text feature, and its caption."""
    if name == data.manifest.buckets.by:
        return _with_buckets(data, name)
    edges = _edges(len(data.lengths(name)) - 1)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        _histogram(axes, data, name, edges)
        axes.set_xlabel(f"tokens of {name}")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))

    alt = f"Histogram of the lengths of {name}, in tokens, one line for each split."
    return chart(f"lengths-{name}", alt, 2.6, draw), _steps(edges)


def _with_buckets(data: ArtifactData, name: str) -> tuple[Markup, Text]:
    limits = data.manifest.buckets.boundaries
    edges = _edges(max(len(data.lengths(name)) - 1, limits[-1]))

    def draw(figure: Figure) -> None:
        above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
        _histogram(above, data, name, edges)
        for limit in limits:
            above.axvline(limit + 0.5, color=SOFT, linestyle=DASHES, linewidth=0.8)
        _padding(below, data)
        below.set_xlabel(f"tokens of {name}; marked: bucket boundaries")

    alt = (
        f"Histogram of the lengths of {name}, in tokens, one line for each split, with "
        f"{plural(len(limits), 'bucket boundary', 'bucket boundaries')}."
    )
    caption = _steps(edges) + (
        " Dashed lines are bucket boundaries; below, the share of padding among the tokens of each "
        "bucket."
    )
    return chart(f"lengths-{name}", alt, 4.2, draw), caption


def _steps(edges: NDArray[np.float64]) -> Text:
    width = int(edges[1] - edges[0])
    return markup("Share of each split's texts by length, in steps of {}.", plural(width, "token"))


def _edges(last: int) -> NDArray[np.float64]:
    """Edges of the bins between whole numbers of tokens, so that no length stands on one."""
    width = max(1, -(-(last + 1) // _BINS))
    return np.arange(0.0, last + 1.0 + width, float(width)) - 0.5


def _histogram(axes: Axes, data: ArtifactData, name: str, edges: NDArray[np.float64]) -> None:
    for split in data.splits:
        histogram = data.lengths(name, split)
        if not histogram.sum():
            continue
        shares, _ = np.histogram(np.arange(len(histogram)), edges, weights=histogram)
        shares = shares / histogram.sum()
        axes.stairs(shares, edges, color=data.colour(split), label=split, linewidth=1.5)
        if split == data.splits[0]:
            axes.stairs(shares, edges, color=data.colour(split), alpha=0.15, fill=True)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(bottom=0)
    axes.set_ylabel("share of texts")
    in_percent(axes)
    axes.grid(visible=False, axis="x")
    legend_above(axes)


def _padding(axes: Any, data: ArtifactData) -> None:
    """Bars as wide as the buckets."""
    limits = data.manifest.buckets.boundaries
    edges = np.array([-0.5, *(limit + 0.5 for limit in limits)])
    padding = [data.bucket(limit).padding_fraction for limit in limits]
    axes.bar(edges[:-1], padding, np.diff(edges) * 0.97, align="edge", color=PADDING)
    axes.set_ylim(0, max([*padding, 0.01]) * 1.15)
    axes.set_ylabel("padding")
    in_percent(axes)
    axes.grid(visible=False, axis="x")
    axes.set_xticks(_apart(limits, axes.figure.get_figwidth()))


def _apart(limits: list[int], width: float) -> list[int]:
    """The boundaries whose labels fit beside each other, the last among them."""
    close = limits[-1] * _CLOSE / width
    shown: list[int] = []
    for limit in reversed(limits):
        if not shown or shown[-1] - limit >= close:
            shown.append(limit)
    return shown[::-1]
