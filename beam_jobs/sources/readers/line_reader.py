"""Files of lines: which lines belong to a byte range, and where each begins and ends."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from beam_jobs.sources.block import BLOCK_BYTES
from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.raw_files import ended_early, open_content, reading
from preprocess.core.first_bytes import UTF8_BOM

_NEWLINE, _RETURN = 10, 13
_LINE_BREAK = b"\r\n"
_PASSED_BYTES = 1 << 20


@dataclass(frozen=True)
class Lines:
    """Some megabytes of whole lines, at least one.

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

    def between(self, begin: int, end: int) -> Iterator[Lines]:
        """The lines from index `begin` to `end`, if there are any."""
        if 0 < end - begin == len(self.starts):
            yield self
        elif begin < end:
            first, last = int(self.starts[begin]), int(self.stops[end - 1])
            starts, stops = self.starts[begin:end] - first, self.stops[begin:end] - first
            yield Lines(self.data[first:last], starts, stops, self.offset + first)


@dataclass(frozen=True)
class LongLine:
    """A line that is longer than a row may be, and was passed over.

    Attributes:
      offset: place of its first byte in the file's content.
    """

    offset: int


def read_lines(
    input_split: InputSplit, block_bytes: int = BLOCK_BYTES
) -> Iterator[Lines | LongLine]:
    """The lines whose first byte lies in the input split; all lines of a compressed file.

    A line ends with LF or CRLF, or with the file. Memory is bounded by a block and a row.

    Raises:
      InputError: the file cannot be read, or ends before the input split does.
    """
    file = input_split.file
    with reading(file.path), open_content(file) as content:
        first = _first_line(content, input_split)
        # The first line begins in the first input split, though a mark comes before it.
        last = max(input_split.stop, first + 1) if input_split.start == 0 else input_split.stop
        last = sys.maxsize if file.is_compressed else last
        stop = yield from _lines(content, first, last, file, block_bytes)
        if stop < input_split.stop and not file.is_compressed:
            raise ended_early(file, stop)


def _lines(
    content: BinaryIO, at: int, stop: int, file: SourceFile, block_bytes: int
) -> Generator[Lines | LongLine, None, int]:
    """The lines that begin from `at` to `stop`; returns where the line after them begins."""
    longest = file.max_row_bytes
    while at < stop and (data := content.read(min(block_bytes, stop - at))):
        last = data.rfind(b"\n") + 1
        if last < len(data):
            room = longest + len(_LINE_BREAK) - (len(data) - last)
            data += content.readline(max(room, 0))
        is_whole = data.endswith(b"\n") or len(data) - last < longest + len(_LINE_BREAK)
        yield from _cut(at, data if is_whole else data[:last], longest)
        at += len(data)
        if not is_whole:
            yield LongLine(at - len(data) + last)
            at += pass_line(content, stop - at)
    return at


def pass_line(content: BinaryIO, most: int = sys.maxsize) -> int:
    """Passes over the rest of a line, or about `most` bytes of it; gives how many they were."""
    count = 0
    while count < most and (part := content.readline(_PASSED_BYTES)):
        count += len(part)
        if part.endswith(b"\n"):
            break
    return count


def _first_line(content: BinaryIO, input_split: InputSplit) -> int:
    """Moves to the first line that begins in the input split, or behind it; gives its place."""
    start = input_split.start
    if start == 0:
        if content.read(len(UTF8_BOM)) == UTF8_BOM:
            return len(UTF8_BOM)
        content.seek(0)
        return 0
    # From one byte before, so that a line which begins right at `start` is found.
    content.seek(start - 1)
    return start - 1 + pass_line(content, input_split.stop - start + 1)


def _cut(offset: int, data: bytes, longest: int) -> Iterator[Lines | LongLine]:
    """The lines of `data`, those apart that are too long."""
    lines = _parted(offset, data)
    begin = 0
    for index in np.flatnonzero(lines.stops - lines.starts > longest).tolist():
        yield from lines.between(begin, index)
        yield LongLine(offset + int(lines.starts[index]))
        begin = index + 1
    yield from lines.between(begin, len(lines.starts))


def _parted(offset: int, data: bytes) -> Lines:
    content = np.frombuffer(data, np.uint8)
    stops = np.flatnonzero(content == _NEWLINE)
    starts = np.concatenate([[0], stops + 1]).astype(np.int64)
    if starts[-1] == len(data):
        starts = starts[:-1]
    else:
        stops = np.append(stops, len(data))
    returns = (stops > starts) & (content[stops - 1] == _RETURN)
    return Lines(data, starts, stops - returns, offset)
