"""Buffers of delimited text cut into rows; what is no row costs itself one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from beam_jobs.sources.block import BLOCK_BYTES, too_long
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.readers.cell_marks import RETURN, CellMarks, Mask, Places
from beam_jobs.sources.readers.line_reader import pass_line
from beam_jobs.sources.rejects import shown
from preprocess.core.first_bytes import UTF8_BOM
from preprocess.spec import Dialect

_TOO_LONG = "more bytes than a row may have"
_MOST_ROWS, _FEW_ROWS = 1 << 16, 1 << 6


class BadRow(NamedTuple):
    """A line that is no row: where it begins, and why."""

    start: int
    reason: str


@dataclass(frozen=True)
class RowSpans:
    """Rows of a buffer; blank lines are none.

    Attributes:
      marks: of the buffer.
      starts: where each row begins.
      stops: where each ends, its line break not counted.
      delimiters: every delimiter between cells of these rows.
      dropped: places of characters that stand for nothing: of two quotes that are one, of escapes.
      bad: the lines that are no rows.
      end: what of the buffer is used up.
    """

    marks: CellMarks
    starts: Places
    stops: Places
    delimiters: Places
    dropped: Places
    bad: list[BadRow]
    end: int

    def without_first(self) -> RowSpans:
        """These rows but the first, which is a good one."""
        return replace(self, starts=self.starts[1:], stops=self.stops[1:])

    def text(self, index: int) -> bytes:
        """A row as it stands in the file."""
        return self.marks.data[self.starts[index] : self.stops[index]]


class _Run(NamedTuple):
    """Neighbouring rows: where they begin and each of them stops, and what ended the run."""

    start: int
    breaks: Places
    wrong: str | None

    @property
    def starts(self) -> Places:
        return np.append(self.start, self.breaks + 1)[:-1]

    @property
    def stop(self) -> int:
        return int(self.breaks[-1]) + 1 if len(self.breaks) else self.start


def read_spans(
    content: BinaryIO, file: SourceFile, dialect: Dialect, block_bytes: int = BLOCK_BYTES
) -> Iterator[RowSpans]:
    """All rows of a file, in some megabytes at a time.

    Where a quote has no place, or a row does not end within `file.max_row_bytes`, its first line
    is no row and reading resumes behind that; so nothing that follows is drawn into it. Memory is
    bounded by a block and a row.
    """
    rest, line, at_end = content.read(len(UTF8_BOM)).removeprefix(UTF8_BOM), 1, False
    while not at_end:
        more = content.read(max(block_bytes, len(rest)))
        at_end, rest = not more, rest + more
        if at_end and rest and not rest.endswith(b"\n"):
            rest += b"\n"
        marks = CellMarks(rest, dialect, at_end)
        spans = _cut(marks, file.max_row_bytes, line)
        yield spans
        line += int(np.searchsorted(marks.newlines, spans.end))
        rest = rest[spans.end :]
        if len(rest) > file.max_row_bytes + 1:  # a carriage return may be the last
            yield _too_long(file, dialect)
            pass_line(content)
            rest, line = b"", line + 1


def _too_long(file: SourceFile, dialect: Dialect) -> RowSpans:
    """A line whose end is not reached within the bytes that a row may have."""
    nothing = np.array([], np.int64)
    marks = CellMarks(b"", dialect, at_end=False)
    bad = [BadRow(0, too_long(file.max_row_bytes))]
    return RowSpans(marks, nothing, nothing, nothing, nothing, bad, 0)


def _cut(marks: CellMarks, longest: int, line: int) -> RowSpans:
    """The rows that end in a buffer, whose first line has the number `line`."""
    at, runs, bad, most = 0, [], [], _MOST_ROWS
    while at < len(marks.content):
        run = _run(marks, at, longest, most)
        runs.append(run)
        at = run.stop
        if run.wrong is None and len(run.breaks) == most:
            most *= 8
            continue
        most = _FEW_ROWS  # where one is bad, others are likely to be
        newline = int(np.searchsorted(marks.newlines, at))
        if run.wrong is None or newline == len(marks.newlines):
            break
        stop = int(marks.newlines[newline])
        reason = (
            too_long(longest)
            if run.wrong == _TOO_LONG
            else _reason(marks, at, stop, line + newline, run.wrong)
        )
        bad.append(BadRow(at, reason))
        at = stop + 1
    return _joined(marks, runs, bad, at)


def _run(marks: CellMarks, at: int, longest: int, most: int) -> _Run:
    """At most so many rows from `at`, up to the first that is wrong or does not end in time."""
    size, parity = len(marks.content), marks.first_quote(at) % 2
    misplaced, ends = marks.misplaced(parity), marks.ends(parity)
    first = int(np.searchsorted(misplaced, at))
    if first < len(misplaced) and misplaced[first] == at and marks.content[at] != RETURN:
        first += 1  # at the start of a row a quote opens a cell, whatever line was left out before
    wrong = int(misplaced[first]) if first < len(misplaced) else size
    begin = int(np.searchsorted(ends, at))
    breaks = ends[begin : min(begin + most, int(np.searchsorted(ends, wrong)))]
    run = _Run(at, breaks, None)
    long = np.flatnonzero(_lengths(marks, run) > longest)
    if len(long):
        return _Run(at, breaks[: long[0]], _TOO_LONG)
    if len(breaks) == most:
        return run
    if wrong < size:
        return run._replace(wrong=_misplaced(marks, wrong, parity))
    if run.stop < size and (marks.at_end or size - run.stop > longest + 1):
        return run._replace(wrong="a quote or an escape whose end is not found in time")
    return run


def _lengths(marks: CellMarks, run: _Run) -> Places:
    return run.breaks - run.starts - _returns(marks, run.starts, run.breaks)


def _returns(marks: CellMarks, starts: Places, breaks: Places) -> Mask:
    """Which rows end in a carriage return and a line feed."""
    found: Mask = (breaks > starts) & (marks.meant[breaks - 1] == RETURN)
    return found


def _misplaced(marks: CellMarks, place: int, parity: int) -> str:
    if marks.content[place] == RETURN:
        return "a carriage return outside of quotes"
    if marks.first_quote(place) % 2 == parity:
        return "a quote inside a cell that does not begin with one"
    return "text after the quote that ends a cell"


def _reason(marks: CellMarks, start: int, stop: int, line: int, wrong: str) -> str:
    text = marks.data[start:stop].removesuffix(b"\r")
    return (
        f"line {line:,}: got {wrong}, expected quotes around the whole of a cell and doubled in "
        f"it, or another quote or escape under formats in the spec: {shown(text)}"
    )


def _joined(marks: CellMarks, runs: list[_Run], bad: list[BadRow], end: int) -> RowSpans:
    starts = _concatenated([run.starts for run in runs])
    stops = _concatenated([run.breaks for run in runs])
    stops = stops - _returns(marks, starts, stops)
    used = stops > starts
    return RowSpans(
        marks,
        starts[used],
        stops[used],
        _concatenated([_delimiters(marks, run) for run in runs]),
        np.sort(_concatenated([part for run in runs for part in _dropped(marks, run)])),
        bad,
        end,
    )


def _delimiters(marks: CellMarks, run: _Run) -> Places:
    found = marks.delimiters(marks.first_quote(run.start) % 2)
    return found[np.searchsorted(found, run.start) : np.searchsorted(found, run.stop)]


def _dropped(marks: CellMarks, run: _Run) -> list[Places]:
    escapes = marks.escapes
    inside = escapes[np.searchsorted(escapes, run.start) : np.searchsorted(escapes, run.stop)]
    return [marks.doubled(run.start, run.stop), inside]


def _concatenated(parts: list[Places]) -> npt.NDArray[np.int64]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([np.array([], np.int64), *parts])
