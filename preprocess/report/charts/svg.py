"""Charts as SVG that stands in the page: the same bytes at every call, no state left behind."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from preprocess.report.palette import EDGE, INK, LINE, SOFT, THEME

WIDTH = 9.0  # inches; as wide as the page's column at 96 dots an inch
NARROW = 3.5  # as wide as a phone, where the same points of a font are to be read

_STYLE = {
    "svg.fonttype": "none",  # texts stay texts, in the fonts of the page
    "font.family": "DejaVu Sans",  # decides the layout only
    "text.parse_math": False,  # a class may have a dollar
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": SOFT,
    "axes.edgecolor": EDGE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "lines.linewidth": 1.7,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}
_SHORT: dict[str, Any] = {"handlelength": 0.9, "handletextpad": 0.4, "columnspacing": 0.8}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def chart(
    id: str, alt: str, height: float, draw: Callable[[Figure], None], stacked: float | None = None
) -> Markup:
    """Draws a chart twice: for the page's column, and for a phone; the page's style shows one.

    Args:
      id: differs from those of the page's other charts.
      alt: describes the chart to those who do not see it.
      height: in inches.
      draw: is given an empty figure.
      stacked: height for a phone; None: as `height`.
    """
    wide = _svg(id, alt, "wide", (WIDTH, height), draw)
    return wide + _svg(f"{id}-narrow", alt, "narrow", (NARROW, stacked or height), draw)


def is_narrow(figure: Figure) -> bool:
    """Whether a figure is for a phone, where panels stand below each other."""
    return bool(figure.get_figwidth() < WIDTH)


def panels(figure: Figure, number: int, most: int = 2) -> list[Axes]:
    """Panels beside each other, at most `most`; below each other on a phone."""
    columns = 1 if is_narrow(figure) else min(most, number)
    rows = -(-number // columns)
    grid: list[Axes] = figure.subplots(rows, columns, squeeze=False).flatten().tolist()
    for unused in grid[number:]:
        unused.set_visible(False)
    return grid[:number]


def _svg(
    id: str, alt: str, kind: str, size: tuple[float, float], draw: Callable[[Figure], None]
) -> Markup:
    with matplotlib.rc_context():
        # What a user has set up for other plots must not change the page.
        matplotlib.rcdefaults()
        style: Any = _STYLE | {"svg.hashsalt": id}  # typed by matplotlib as one of 300 names
        matplotlib.rcParams.update(style)
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        file = io.StringIO()
        with warnings.catch_warnings():  # the page's fonts have what the layout's lacks
            warnings.filterwarnings("ignore", "Glyph .* missing")
            figure.savefig(file, format="svg", metadata=_NO_METADATA)
    return _embedded(file.getvalue(), id, alt, kind)


def in_percent(axes: Axes, axis: str = "y") -> None:
    """Labels an axis of fractions in percent."""
    formatter = FuncFormatter(lambda value, _: f"{100 * value:.3g} %")
    getattr(axes, f"{axis}axis").set_major_formatter(formatter)


def in_counts(axes: Axes, axis: str) -> None:
    """Labels an axis as 10,000."""
    formatter = FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    getattr(axes, f"{axis}axis").set_major_formatter(formatter)


def legend_above(axes: Axes) -> None:
    """Puts the legend above the chart, where it hides nothing."""
    figure = axes.get_figure()
    if isinstance(figure, Figure) and is_narrow(figure):
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0, **_SHORT)
    else:
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=6, borderaxespad=0)


def _embedded(svg: str, id: str, alt: str, kind: str) -> Markup:
    """The element alone, in the page's colours, its ids unique within the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\s(width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r"(\bid=\"|href=\"#|url\(#)", rf"\g<1>{id}-", svg)
    for colour, variable in THEME.items():
        svg = re.sub(rf"(?i){colour}\b", f"var(--{variable})", svg)
    label = f'<svg role="img" class="{kind}" aria-label="{escape(alt)}"'
    return Markup(svg.replace("<svg", label, 1).strip())
