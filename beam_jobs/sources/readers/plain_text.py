"""Plain text: one text a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.input_split import InputSplit, SourceFile, whole
from beam_jobs.sources.readers.line_reader import Lines, read_lines


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """The one column that is wanted, whatever its name."""
    has_rows = any(
        len(lines.starts) for input_split in whole(file) for lines in read_lines(input_split, 1)
    )
    return FileHeader({name: pa.binary() for name in wanted}, has_rows, is_complete=False)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The lines that begin in the input split; a blank line is an empty text.

    Rows are placed by byte, in a compressed file by number.
    """
    row = 0
    for lines in read_lines(input_split):
        places = lines.starts + lines.offset
        if input_split.file.is_compressed:
            places = np.arange(row, row + len(lines.starts))
        row += len(lines.starts)
        table = pa.RecordBatch.from_arrays([_texts(lines)], names=[columns[0].source])
        yield Block(table, places, [])


def _texts(lines: Lines) -> pa.Array:
    """binary, the lines without their breaks."""
    lengths = lines.stops - lines.starts
    edges = np.zeros(len(lines.data) + 1, np.int8)
    edges[lines.starts] += 1
    edges[lines.stops] -= 1
    data = np.frombuffer(lines.data, np.uint8)[np.cumsum(edges[:-1], dtype=np.int8) > 0]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.Array.from_buffers(pa.binary(), len(lengths), buffers)
