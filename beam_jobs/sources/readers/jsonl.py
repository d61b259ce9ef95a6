"""JSON lines: one object a line, parsed by pyarrow in blocks of some megabytes.

A block that pyarrow refuses is read line by line, so that one bad line costs itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import HEAD_BYTES, SAMPLE_ROWS, FileHeader
from beam_jobs.sources.input_split import InputSplit, SourceFile, whole
from beam_jobs.sources.readers import json_rows
from beam_jobs.sources.readers.line_reader import Lines, LongLine, read_lines
from beam_jobs.sources.readers.row_numbers import RowNumbers

_MINUS_ZERO = re.compile(rb":\s*-0\s*[,}]")
_FLOATS = (pa.float64(), pa.list_(pa.float64()))
_DEFAULTS = {
    pa.binary(): pa.string(),
    pa.float32(): pa.float64(),
    pa.int64(): pa.int64(),
    pa.list_(pa.binary()): pa.list_(pa.string()),
    pa.list_(pa.float32()): pa.list_(pa.float64()),
}


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """The keys of the first megabyte of lines, which says nothing of types or of other rows."""
    has_rows, keys = False, dict[str, None]()
    for lines in (lines for part in whole(file) for lines in read_lines(part, HEAD_BYTES)):
        if isinstance(lines, LongLine):
            has_rows = True
            continue
        used = _used(lines)
        has_rows |= len(used) > 0
        for row in json_rows.objects(_texts(lines, used)):
            keys |= dict.fromkeys(row)
        if has_rows and lines.offset + len(lines.data) >= HEAD_BYTES:
            break
    return FileHeader(dict.fromkeys(keys), has_rows, is_complete=False)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The rows of the lines that begin in the input split; blank lines are no rows.

    Rows are placed by byte, in a compressed file by number.
    """
    numbers = RowNumbers(input_split.file)
    for lines in read_lines(input_split):
        if isinstance(lines, LongLine):
            yield numbers.long_row(lines)
            continue
        used = _used(lines)
        places = numbers.of(lines.starts[used] + lines.offset)
        table = _table(lines, used, columns)
        if table is None:
            yield from json_rows.blocks(_texts(lines, used), places, columns)
        else:
            yield Block(table, places, [])


def _used(lines: Lines) -> npt.NDArray[np.int64]:
    """Indices of the lines that are not blank."""
    used = np.flatnonzero(lines.stops > lines.starts)
    first = np.frombuffer(lines.data, np.uint8)[lines.starts[used]]
    odd = used[first != ord("{")]
    blank = [at for at, text in zip(odd, _texts(lines, odd), strict=True) if not text.strip()]
    return np.setdiff1d(used, blank) if blank else used


def _table(
    lines: Lines, used: npt.NDArray[np.int64], columns: Sequence[InputColumn]
) -> pa.RecordBatch | None:
    """All lines in one go, or None if one of them needs a closer look."""
    content = np.frombuffer(lines.data, np.uint8)
    first, last = content[lines.starts[used]], content[lines.stops[used] - 1]
    # pyarrow reads objects, not lines: it takes two in a line, and one that spans several.
    if not len(used) or (first != ord("{")).any() or (last != ord("}")).any():
        return None
    data = pa.py_buffer(lines.data).slice(int(lines.starts[0]))
    explicit = _explicit(lines, used, columns)
    if explicit is None:
        return None
    try:
        table = pa.json.read_json(
            pa.BufferReader(data),
            pa.json.ReadOptions(use_threads=False, block_size=len(data) + 1),
            pa.json.ParseOptions(explicit_schema=explicit, unexpected_field_behavior="ignore"),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(used) or _has_minus_zero(table, lines.data, columns):
        return None
    return table.combine_chunks().to_batches()[0]


def _has_minus_zero(table: pa.Table, data: bytes, columns: Sequence[InputColumn]) -> bool:
    """Whether an integer that is to be as written may be -0, the one that looks otherwise."""
    written = [table.column(column.source) for column in columns if column.as_written]
    zeros = [pc.any(pc.equal(c, 0)).as_py() for c in written if pa.types.is_integer(c.type)]
    return any(zeros) and b"-0" in data and _MINUS_ZERO.search(data) is not None


def _explicit(
    lines: Lines, used: npt.NDArray[np.int64], columns: Sequence[InputColumn]
) -> pa.Schema | None:
    """Types for pyarrow, which else takes texts that look like dates for timestamps.

    None if floats are to become text, which must be taken from what was written.
    """
    rows = json_rows.objects(_texts(lines, used[:SAMPLE_ROWS]))
    found = json_rows.types(rows, [column.source for column in columns])
    canonical = {column.source: column.read_as for column in columns}
    fields = {name: _wanted(found.get(name), kind) for name, kind in canonical.items()}
    kinds = [fields[column.source] for column in columns if column.names_numbers]
    return None if any(kind in _FLOATS for kind in kinds) else pa.schema(fields)


def _wanted(found: pa.DataType | None, canonical: pa.DataType) -> pa.DataType:
    if found is None or (pa.types.is_integer(found) and canonical == pa.float32()):
        return _DEFAULTS[canonical]
    return found


def _texts(lines: Lines, used: npt.NDArray[np.int64]) -> list[bytes]:
    bounds = zip(lines.starts[used].tolist(), lines.stops[used].tolist(), strict=True)
    return [lines.data[start:stop] for start, stop in bounds]
