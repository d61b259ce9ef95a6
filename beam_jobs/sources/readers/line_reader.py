"""Files of lines: which lines belong to a byte range, and where each begins and ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from beam_jobs.sources.block import BLOCK_BYTES
from beam_jobs.sources.input_split import InputSplit
from beam_jobs.sources.raw_files import open_content, reading

_NEWLINE, _RETURN = 10, 13
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Lines:
    """Some megabytes of whole lines.

    Attributes:
      data: the bytes.
      starts: int64, where each line begins in `data`.
      stops: int64, where it ends, its line break not counted.
      offset: place of `data` in the file's content, in bytes.
    """

    data: bytes
    starts: npt.NDArray[np.int64]
    stops: npt.NDArray[np.int64]
    offset: int


def read_lines(input_split: InputSplit, block_bytes: int = BLOCK_BYTES) -> Iterator[Lines]:
    """The lines whose first byte lies in the input split; all lines of a compressed file.

    A line ends with LF or CRLF, or with the file.
    """
    with reading(input_split.file.path), open_content(input_split.file.path) as file:
        for offset, data in _chunks(file, input_split, block_bytes):
            yield _cut(offset, data)


def _chunks(
    file: BinaryIO, input_split: InputSplit, block_bytes: int
) -> Iterator[tuple[int, bytes]]:
    offset = _first_line(file, input_split.start)
    stop = sys.maxsize if input_split.file.is_compressed else input_split.stop
    while offset < stop and (data := file.read(min(block_bytes, stop - offset))):
        if not data.endswith(b"\n"):
            data += file.readline()
        yield offset, data
        offset += len(data)


def _first_line(file: BinaryIO, start: int) -> int:
    """Moves to the first line that begins at `start` or after it."""
    if start == 0:
        return 0
    # From one byte before, so that a line which begins right at `start` is found.
    file.seek(start - 1)
    return start - 1 + len(file.readline())


def _cut(offset: int, data: bytes) -> Lines:
    content = np.frombuffer(data, np.uint8)
    stops = np.flatnonzero(content == _NEWLINE)
    starts = np.concatenate([[0], stops + 1]).astype(np.int64)
    if offset == 0 and data.startswith(_BOM):
        starts[0] = len(_BOM)
    if starts[-1] == len(data):
        starts = starts[:-1]
    else:
        stops = np.append(stops, len(data))
    returns = (stops > starts) & (content[stops - 1] == _RETURN)
    return Lines(data, starts, stops - returns, offset)
