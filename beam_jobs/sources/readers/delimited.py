"""Delimited text such as CSV and TSV: every cell is bytes until a column says what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader, refuse_duplicates
from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.raw_files import open_content, reading
from beam_jobs.sources.readers.cell_table import CellTable
from beam_jobs.sources.readers.row_spans import read_spans
from preprocess.spec import Dialect

_HEADER_BYTES = 1 << 16


def read_header(file: SourceFile, wanted: Sequence[str], dialect: Dialect) -> FileHeader:
    """Names from the first row, or from the spec; all cells are text."""
    with reading(file.path), open_content(file) as content:
        table = CellTable.begun(read_spans(content, file, dialect, _HEADER_BYTES), file, dialect)
        has_rows = any(len(spans.starts) or spans.bad for spans in table.spans)
    refuse_duplicates(file.path, table.names, wanted)
    types = {name: pa.binary() for name in table.names}
    return FileHeader(types, has_rows, is_complete=bool(table.names))


def blocks(
    input_split: InputSplit, columns: Sequence[InputColumn], dialect: Dialect
) -> Iterator[Block]:
    """The rows of the file, placed by number; neither the header nor a blank line is one."""
    file = input_split.file
    names = list(dict.fromkeys(column.source for column in columns))
    with reading(file.path), open_content(file) as content:
        table = CellTable.begun(read_spans(content, file, dialect), file, dialect)
        table.check(names, file)
        row = 0
        for spans in table.spans:
            yield table.block(spans, names, row)
            row += len(spans.starts) + len(spans.bad)
