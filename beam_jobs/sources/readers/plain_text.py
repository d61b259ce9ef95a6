"""Plain text: one text a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.input_split import InputSplit, SourceFile, whole
from beam_jobs.sources.readers.line_reader import LongLine, read_lines
from beam_jobs.sources.readers.row_numbers import RowNumbers
from beam_jobs.sources.readers.texts_between import texts_between


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """The one column that is wanted, whatever its name."""
    has_rows = any(True for input_split in whole(file) for _ in read_lines(input_split, 1))
    return FileHeader({name: pa.binary() for name in wanted}, has_rows, is_complete=False)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The lines that begin in the input split; a blank line is an empty text.

    Rows are placed by byte, in a compressed file by number.
    """
    numbers = RowNumbers(input_split.file)
    for lines in read_lines(input_split):
        if isinstance(lines, LongLine):
            yield numbers.long_row(lines)
            continue
        texts = texts_between(lines.data, lines.starts, lines.stops)
        table = pa.RecordBatch.from_arrays([texts], names=[columns[0].source])
        yield Block(table, numbers.of(lines.starts + lines.offset), [])
