"""Rows of cells under the names of a header, or of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from beam_jobs.sources.block import Block
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.readers.cell_marks import Places
from beam_jobs.sources.readers.cell_texts import CellBounds, CellTexts
from beam_jobs.sources.readers.row_spans import RowSpans
from beam_jobs.sources.rejects import shown
from preprocess.core.errors import InputError
from preprocess.spec import Dialect


@dataclass(frozen=True)
class CellTable:
    """Rows of cells under names.

    Attributes:
      names: of the columns, in order.
      named_by: what holds the names, for messages.
      spans: the rows that are no header.
    """

    names: list[str]
    named_by: str
    spans: Iterator[RowSpans]

    @classmethod
    def begun(cls, spans: Iterator[RowSpans], file: SourceFile, dialect: Dialect) -> CellTable:
        """Reads the header off the rows of a file.

        Raises:
          InputError: it is broken, or of another length than `columns` in the spec.
        """
        names = dialect.columns
        if names is not None and not dialect.has_header:
            return cls(names, "formats in the spec", spans)
        found, rest = _first_row(spans, file, dialect)
        if names is None or not found:
            return cls(found, "the header", rest)
        if len(found) != len(names):
            raise InputError(
                f"{file.path}: got a header of {len(found)} columns, expected {len(names)} as "
                "under formats in the spec; name every column there, or set header: false"
            )
        return cls(names, "the header", rest)

    def check(self, wanted: Sequence[str], file: SourceFile) -> None:
        """Checks that there are columns of some names.

        Raises:
          InputError: one is missing, as the file is another than the one that was looked at.
        """
        for name in wanted:
            if self.names and name not in self.names:
                raise InputError(
                    f"{file.path}: got no column {name!r}, expected it as when the job began; run "
                    "it again once nothing writes the file any more"
                )

    def block(self, spans: RowSpans, names: Sequence[str], row: int) -> Block:
        """Some rows, of which the first has the number `row`; those of other lengths are bad."""
        first, last = _cells(spans)
        fits = last - first + 1 == len(self.names)
        numbers, bad_numbers = _numbers(spans, row)
        bad = [(n, bad.reason) for n, bad in zip(bad_numbers.tolist(), spans.bad, strict=True)]
        for index in np.flatnonzero(~fits).tolist():
            count = int(last[index] - first[index]) + 1
            bad.append((int(numbers[index]), self._uneven(spans, index, count)))
        bounds = CellBounds(spans.starts[fits], spans.stops[fits], first[fits], spans.delimiters)
        cells, last_column = CellTexts(spans), len(self.names) - 1
        arrays = [
            cells.cells(*bounds.of(index, index == last_column))
            for index in map(self.names.index, names)
        ]
        table = pa.RecordBatch.from_arrays(arrays, names=list(names))
        return Block(table, numbers[fits], bad)

    def _uneven(self, spans: RowSpans, index: int, count: int) -> str:
        return (
            f"got {count} fields, expected {len(self.names)} as in {self.named_by}: "
            f"{shown(spans.text(index).decode('utf-8', 'backslashreplace'))}"
        )


def _first_row(
    spans: Iterator[RowSpans], file: SourceFile, dialect: Dialect
) -> tuple[list[str], Iterator[RowSpans]]:
    """The cells of the first row, and the rows after it; no cells without a row."""
    for some in spans:
        if some.bad and (not len(some.starts) or some.bad[0].start < some.starts[0]):
            raise InputError(f"{file.path}: the header: {some.bad[0].reason}")
        if len(some.starts):
            between = some.delimiters[: np.searchsorted(some.delimiters, some.stops[0])]
            starts, stops = (
                np.append(some.starts[0], between + 1),
                np.append(between, some.stops[0]),
            )
            names = CellTexts(some).cells(starts, stops).to_pylist()
            return [_name(name, file, dialect) for name in names], chain(
                [some.without_first()], spans
            )
    return [], iter(())


def _name(cell: bytes, file: SourceFile, dialect: Dialect) -> str:
    if b"\r" in cell and dialect.quote is None:
        raise InputError(
            f"{file.path}: got carriage returns in the header, expected lines that end in LF or "
            "CRLF; convert the line ends"
        )
    return cell.decode("utf-8", "surrogateescape")


def _cells(spans: RowSpans) -> tuple[Places, Places]:
    """For each row, how many delimiters of all stand before it and before its end."""
    first = np.searchsorted(spans.delimiters, spans.starts)
    return first, np.searchsorted(spans.delimiters, spans.stops)


def _numbers(spans: RowSpans, row: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The numbers of good rows and of bad ones, which stand between them."""
    bad = np.array([bad.start for bad in spans.bad], np.int64)
    good = row + np.arange(len(spans.starts)) + np.searchsorted(bad, spans.starts)
    return good, row + np.arange(len(bad)) + np.searchsorted(spans.starts, bad)
