"""Places of rows in files of lines: by byte, or by number in compressed ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from beam_jobs.sources.block import Block, rejected, too_long
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.readers.line_reader import LongLine


class RowNumbers:
    """Places the rows of an input split, which come in order."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._next = 0

    def of(self, offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The places of the next rows, whose first bytes are at `offsets` of the content."""
        first, self._next = self._next, self._next + len(offsets)
        return np.arange(first, self._next) if self._file.is_compressed else offsets

    def long_row(self, line: LongLine) -> Block:
        """The next row, rejected as it is too long."""
        [place] = self.of(np.array([line.offset])).tolist()
        return rejected([(place, too_long(self._file.max_row_bytes))])
