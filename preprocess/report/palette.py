"""The colours and the dashes of the report."""

from __future__ import annotations

# Okabe & Ito, "Color Universal Design" (2008): distinct to any colour vision.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
INK, SOFT, LINE, EDGE = "#1c2127", "#5a6470", "#dfe3e8", "#aab2bc"
THEME = {INK: "ink", SOFT: "soft", LINE: "line", EDGE: "edge"}
"""The variables of the page's style, light and dark, for what is drawn in these colours."""
PADDING = COLOURS[1]
DASHES = (0, (4, 3))  # matplotlib's offset, and its on-off sequence


def colour(index: int) -> str:
    """The colour of the series or split `index`."""
    return COLOURS[index % len(COLOURS)]
