"""The content of cells: without the quotes around them, doubled quotes and escapes undone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from beam_jobs.sources.readers.cell_marks import Mask, Places
from beam_jobs.sources.readers.row_spans import RowSpans
from beam_jobs.sources.readers.texts_between import texts_between


class CellBounds(NamedTuple):
    """Where the cells of rows are that all have as many of them.

    Attributes:
      starts: of the rows.
      stops: of the rows.
      first: how many delimiters of all stand before each row.
      delimiters: all.
    """

    starts: Places
    stops: Places
    first: Places
    delimiters: Places

    def of(self, column: int, is_last: bool) -> tuple[Places, Places]:
        """Where the cells of a column begin and end."""
        starts = self.delimiters[self.first + column - 1] + 1 if column else self.starts
        return starts, self.stops if is_last else self.delimiters[self.first + column]


class CellTexts:
    """The content of cells, without the quotes around them."""

    def __init__(self, spans: RowSpans) -> None:
        self._marks, self._dropped = spans.marks, spans.dropped
        self._content = spans.marks.content
        if len(spans.dropped):
            self._content = _without(self._content, spans.dropped)

    def cells(self, starts: Places, stops: Places) -> pa.Array:
        """Cells from each start to its stop: binary."""
        if self._marks.dialect.quote is not None:
            quoted = self._is_quoted(starts, stops)
            starts, stops = starts + quoted, stops - quoted
        if len(self._dropped):
            starts = starts - np.searchsorted(self._dropped, starts)
            stops = stops - np.searchsorted(self._dropped, stops)
        return texts_between(self._content, starts, stops)

    def _is_quoted(self, starts: Places, stops: Places) -> Mask:
        begin = np.minimum(starts, len(self._marks.content) - 1)
        quote = ord(self._marks.dialect.quote or "")
        quoted: Mask = (stops > starts) & (self._marks.content[begin] == quote)
        return quoted


def _without(content: npt.NDArray[np.uint8], dropped: Places) -> npt.NDArray[np.uint8]:
    """The bytes but those at `dropped`."""
    kept = texts_between(content, np.append(0, dropped + 1), np.append(dropped, len(content)))
    return np.frombuffer(kept.buffers()[2], np.uint8)
