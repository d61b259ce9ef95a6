"""CSV and TSV with a header: every cell is bytes until a column says what it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader, refuse_duplicates
from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.raw_files import open_content, reading
from beam_jobs.sources.rejects import shown
from preprocess.core.errors import InputError

_HEADER_BYTES = 1 << 20
_LONGEST_ROW = 16 << 20
_FIRST_ROW = 2  # pyarrow counts from 1 and takes the header along
_REMEDY = (
    f"close the quote, double the quotes inside of quoted text, and keep rows below "
    f"{_LONGEST_ROW >> 20} MB"
)


def read_header(file: SourceFile, wanted: Sequence[str], delimiter: str) -> FileHeader:
    """Names from the header; all cells are text."""
    with reading(file.path), open_content(file.path) as content:
        names, has_rows = _header(content, delimiter)
    refuse_duplicates(file.path, names, wanted)
    return FileHeader({name: pa.binary() for name in names}, has_rows, is_complete=bool(names))


def blocks(
    input_split: InputSplit, columns: Sequence[InputColumn], delimiter: str
) -> Iterator[Block]:
    """The rows of the file, blank lines being none; rows are placed by number.

    Raises:
      InputError: a quote that is never closed, which would swallow the rest of the file.
    """
    if not read_header(input_split.file, [], delimiter).has_rows:
        return
    path = input_split.file.path
    names = list(dict.fromkeys(column.source for column in columns))
    rows = _Rows(path)
    with reading(path, _REMEDY), open_content(path) as content:
        width = len(_header(content, delimiter)[0])
        content.seek(0)
        end = delimiter * width
        for batch in _batches(_Ended(content, end), delimiter, names, rows):
            yield Block(batch, rows.place(batch.num_rows), rows.unreported())
    yield Block(batch.slice(0, 0), np.array([], np.int64), rows.last(end))


def _batches(
    content: _Ended, delimiter: str, names: list[str], rows: _Rows
) -> Iterator[pa.RecordBatch]:
    yield from pa.csv.open_csv(
        content,
        pa.csv.ReadOptions(use_threads=False, block_size=_LONGEST_ROW),
        pa.csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=rows.refuse
        ),
        pa.csv.ConvertOptions(
            column_types={name: pa.binary() for name in names},
            include_columns=names,
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )


class _Rows:
    """Keeps row numbers right where pyarrow leaves rows out."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._good = 0
        self._next = 0
        self._bad: list[tuple[int, str, str]] = []
        self._reported = 0

    def refuse(self, row: pa.csv.InvalidRow) -> str:
        """Notes a row with the wrong number of fields."""
        what = f"got {row.actual_columns} fields, expected {row.expected_columns} as in the header"
        self._bad.append((row.number - _FIRST_ROW, f"{what}: {shown(row.text)}", row.text))
        return "skip"

    def place(self, count: int) -> npt.NDArray[np.int64]:
        """The numbers of the next `count` good rows."""
        bad = [number for number, _, _ in self._bad if number >= self._next]
        numbers = np.setdiff1d(np.arange(self._next, self._next + count + len(bad)), bad)[:count]
        self._good += count
        self._next = int(numbers[-1]) + 1 if count else self._next
        return numbers

    def unreported(self) -> list[tuple[int, str]]:
        """Bad rows not given yet, without the latest, which may be the end mark."""
        found = self._bad[self._reported : -1]
        self._reported += len(found)
        return [(number, reason) for number, reason, _ in found]

    def last(self, end: str) -> list[tuple[int, str]]:
        """The remaining bad rows, once the end mark proves that no quote is open."""
        final = self._good + len(self._bad) - 1
        if not self._bad or self._bad[-1][2] != end or self._bad[-1][0] != final:
            raise InputError(
                f"{self._path}: row {final}: got a quote that is never closed, "
                f"expected a second one; {_REMEDY}"
            )
        return self.unreported()


class _Ended(io.RawIOBase):
    """A file with a row of one field too many at its end.

    pyarrow takes a quote that is never closed for closed by the end of the file; the row shows
    whether the parser still saw rows there.
    """

    def __init__(self, content: BinaryIO, end: str) -> None:
        self._content = content
        self._end = f"\n{end}\n".encode()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        if data or not self._end:
            return data
        data, self._end = self._end, b""
        return data


def _header(content: BinaryIO, delimiter: str) -> tuple[list[str], bool]:
    """The names of the columns, and whether anything follows them."""
    text = content.read(_HEADER_BYTES).decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = io.StringIO(text, newline="")
    for names in csv.reader(lines, delimiter=delimiter):
        if names:
            return names, bool(lines.read().strip())
    return [], False
