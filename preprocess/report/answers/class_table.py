"""A table of how well each class is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from preprocess.report.page import Cell, Table
from preprocess.report.prose import NONE, Text, fixed, name, percent

_MOST_CLASSES = 25

Decisions = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Yes or no for each class, in truth and in the answer: bool (rows, classes)."""


def by_class(
    decisions: Decisions, classes: Sequence[str], scores: Mapping[str, float | None]
) -> Table:
    """The table of precision, recall and F1.

    Args:
      decisions: of every record.
      classes: names, by index.
      scores: F1 by name.
    """
    true, answered = decisions
    records, given, hits = true.sum(0), answered.sum(0), (true & answered).sum(0)
    order = np.argsort(-records, kind="stable")[:_MOST_CLASSES]
    rows: list[list[Text | Cell]] = []
    for i in sorted(order) if len(classes) <= _MOST_CLASSES else order:
        score = scores.get(classes[i])
        shown = Cell(NONE if score is None else fixed(score), bar=score or 0.0)
        rates = [_rate(hits[i], given[i]), _rate(hits[i], records[i])]
        counts = [f"{int(records[i]):,}", f"{int(given[i]):,}"]
        rows.append([Cell(name(classes[i]), is_header=True), *counts, *rates, shown])
    columns = ["class", ">records", ">answered", ">precision", ">recall", ">F1"]
    caption = (
        "By class. Precision: how many of the answers are right; recall: how many of the records "
        "are found."
    )
    return Table(caption, columns, rows)


def _rate(part: int, whole: int) -> str:
    return percent(float(part) / float(whole)) if whole else NONE
