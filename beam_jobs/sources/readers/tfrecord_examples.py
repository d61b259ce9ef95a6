"""TFRecord files of tf.train.Example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.sources.block import BLOCK_BYTES, BLOCK_ROWS, Block, rejected, too_long
from beam_jobs.sources.columns.convert import is_listed
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import HEAD_BYTES, FileHeader
from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.raw_files import open_content, reading
from preprocess.core.lazy import lazy_imports
from preprocess.core.tfrecord_framing import read_bounded_records

with lazy_imports():  # takes seconds, and few inputs are of this format
    from tfx_bsl.coders import example_coder


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """Types that the first megabyte of examples agrees on; features hold lists, so these do."""
    with reading(file.path), open_content(file) as content:
        head = list(_head(_records(content, file)))
    records = [record for record in head if record is not None]
    tables = [table for table in _decoded(records) if table is not None]
    names = dict.fromkeys(name for table in tables for name in table.schema.names)
    return FileHeader({n: _common(tables, n) for n in names}, bool(head), is_complete=False)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The examples of the file, placed by number."""
    file = input_split.file
    wanted = {column.source: is_listed(column.type) for column in reversed(columns)}
    row = 0
    with reading(file.path), open_content(file) as content:
        for records in _some(_records(content, file)):
            if not records:
                yield rejected([(row, too_long(file.max_row_bytes))])
                row += 1
            for table in _decoded(records):
                count = 1 if table is None else table.num_rows
                yield _block(table, np.arange(row, row + count), wanted)
                row += count


def _records(content: BinaryIO, file: SourceFile) -> Iterator[bytes | None]:
    return read_bounded_records(content, file.path, file.max_row_bytes)


def _head(records: Iterator[bytes | None]) -> Iterator[bytes | None]:
    """The first megabyte of records."""
    size = 0
    for record in records:
        yield record
        size += len(record or b"")
        if size >= HEAD_BYTES:
            return


def _some(records: Iterator[bytes | None]) -> Iterator[list[bytes]]:
    """Some megabytes of records at a time; no record for one that is too long."""
    held: list[bytes] = []
    size = 0
    for record in records:
        if record is not None:
            held.append(record)
            size += len(record)
        if held and (record is None or size >= BLOCK_BYTES or len(held) >= BLOCK_ROWS):
            yield held
            held, size = [], 0
        if record is None:
            yield []
    if held:
        yield held


def _decoded(records: list[bytes]) -> Iterator[pa.RecordBatch | None]:
    """The examples in order, in runs of equal types; None for one that cannot be decoded."""
    if not records:
        return
    table = _decoded_or_none(records)
    if table is not None or len(records) == 1:
        yield table
        return
    # Halves, as a block seldom holds more than a few odd examples.
    middle = len(records) // 2
    yield from _decoded(records[:middle])
    yield from _decoded(records[middle:])


def _decoded_or_none(records: list[bytes]) -> pa.RecordBatch | None:
    try:
        return example_coder.ExamplesToRecordBatchDecoder().DecodeBatch(records)
    except RuntimeError:
        return None


def _block(
    table: pa.RecordBatch | None, places: npt.NDArray[np.int64], wanted: Mapping[str, bool]
) -> Block:
    if table is None:
        bad = [(int(place), "got bytes that are no tf.train.Example") for place in places]
        return rejected(bad)
    arrays: dict[str, pa.Array] = {}
    good, bad = np.ones(len(places), bool), []
    for name, is_list in wanted.items():
        raw = _column(table, name)
        arrays[name] = raw if is_list else _only_values(raw)
        for index in [] if is_list else np.flatnonzero(good & _crowded(raw)).tolist():
            good[index] = False
            count = len(raw[index])
            bad.append((int(places[index]), f"column {name!r}: got {count} values, expected one"))
    rows = pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))
    return Block(rows if good.all() else rows.filter(pa.array(good)), places[good], bad)


def _column(table: pa.RecordBatch, name: str) -> pa.Array:
    index = table.schema.get_field_index(name)
    return table.column(index) if index >= 0 else pa.nulls(table.num_rows)


def _crowded(raw: pa.Array) -> npt.NDArray[np.bool_]:
    """Which lists hold another number of values than one; missing ones are not meant."""
    if not is_listed(raw.type):
        return np.zeros(len(raw), bool)
    return np.asarray(pc.fill_null(pc.not_equal(pc.list_value_length(raw), 1), False))


def _only_values(raw: pa.Array) -> pa.Array:
    """The value of each list that holds one, else null."""
    if not is_listed(raw.type):
        return raw
    single = pc.equal(pc.list_value_length(raw), 1)
    places = pc.if_else(single, raw.offsets[:-1], None)
    return raw.values.take(places)


def _common(tables: Sequence[pa.RecordBatch], name: str) -> pa.DataType | None:
    """The type that a column has in all tables that hold it."""
    kinds = {_column(table, name).type for table in tables} - {pa.null()}
    return kinds.pop() if len(kinds) == 1 else None
