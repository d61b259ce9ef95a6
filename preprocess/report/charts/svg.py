"""Charts as SVG that stands in the page: the same bytes at every call, no state left behind."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import matplotlib
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from preprocess.report.palette import INK, LINE, SOFT

WIDTH = 9.0  # inches; as wide as the page's column at 96 dots an inch

_STYLE = {
    "svg.fonttype": "none",  # texts stay texts, in the fonts of the page
    "font.family": "DejaVu Sans",  # decides the layout only
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": SOFT,
    "axes.edgecolor": "#aab2bc",
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
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def chart(id: str, alt: str, height: float, draw: Callable[[Figure], None]) -> Markup:
    """Draws a chart.

    Args:
      id: differs from those of the page's other charts.
      alt: describes the chart to those who do not see it.
      height: in inches.
      draw: is given an empty figure.
    """
    with matplotlib.rc_context():
        # What a user has set up for other plots must not change the page.
        matplotlib.rcdefaults()
        style: Any = _STYLE | {"svg.hashsalt": id}  # typed by matplotlib as one of 300 names
        matplotlib.rcParams.update(style)
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata=_NO_METADATA)
    return _embedded(file.getvalue(), id, alt)


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
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=6, borderaxespad=0)


def _embedded(svg: str, id: str, alt: str) -> Markup:
    """The element alone, as wide as what it stands in, its ids unique within the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\s(width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r"(\bid=\"|href=\"#|url\(#)", rf"\g<1>{id}-", svg)
    label = f'<svg role="img" aria-label="{escape(alt)}"'
    return Markup(svg.replace("<svg", label, 1).strip())
