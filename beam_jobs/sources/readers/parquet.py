"""Parquet: read by row group, big ones in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader, refuse_duplicates
from beam_jobs.sources.input_split import SPLIT_BYTES, InputSplit, SourceFile
from beam_jobs.sources.raw_files import open_stored, reading
from beam_jobs.sources.readers.arrow_parts import parts, rows_at_once, runs
from beam_jobs.sources.readers.parquet_pages import dictionary_value_bytes, page_sizes
from preprocess.core.errors import InputError

_MAX_PAGE_BYTES = 1 << 30


def input_splits(file: SourceFile) -> list[InputSplit]:
    """Runs of row groups that together hold about 8 MB before compression."""
    with _opened(file) as (parquet, _):
        metadata = parquet.metadata
        sizes = [metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)]
    return [InputSplit(file, start, stop, len(sizes)) for start, stop in runs(sizes, SPLIT_BYTES)]


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """Types and number of rows from the footer."""
    with _opened(file) as (parquet, raw):
        schema = parquet.schema_arrow
        refuse_duplicates(file.path, schema.names, wanted)
        types = dict(zip(schema.names, schema.types, strict=True))
        for name in wanted:
            if pa.types.is_fixed_size_list(types.get(name, pa.null())):
                _check_fixed_size(file, _chunks(_groups(parquet), [name]), name)
        for chunk in _chunks(_groups(parquet), wanted):
            _check_pages(file, raw, chunk)
        return FileHeader(types, parquet.metadata.num_rows > 0, is_complete=True)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The rows of the input split's row groups."""
    names = list(dict.fromkeys(column.source for column in columns))
    start, stop = input_split.start, input_split.stop
    with _opened(input_split.file) as (parquet, raw):
        groups = _groups(parquet)
        row = sum(group.num_rows for group in groups[:start])
        mine = groups[start:stop]
        batches = parquet.iter_batches(
            _batch_rows(mine, _dictionary_bytes(raw, mine, names)),
            row_groups=list(range(start, stop)),
            columns=names,
        )
        for batch in chain.from_iterable(map(parts, batches)):
            yield Block(batch, np.arange(row, row + batch.num_rows), [])
            row += batch.num_rows


def _groups(parquet: pq.ParquetFile) -> list[pq.RowGroupMetaData]:
    return [parquet.metadata.row_group(i) for i in range(parquet.metadata.num_row_groups)]


def _dictionary_bytes(
    raw: BinaryIO, groups: Sequence[pq.RowGroupMetaData], names: Sequence[str]
) -> float:
    """Bytes of a row whose values stand in dictionaries, of which the footer counts each once."""
    largest: dict[str, float] = {}
    for chunk in _chunks(groups, names):
        size = dictionary_value_bytes(raw, chunk)
        largest[chunk.path_in_schema] = max(size, largest.get(chunk.path_in_schema, 0))
    return sum(largest.values())


def _chunks(
    groups: Iterable[pq.RowGroupMetaData], names: Iterable[str]
) -> Iterator[pq.ColumnChunkMetaData]:
    """The column chunks that hold values of some top-level columns."""
    starts = tuple(f"{name}." for name in names)
    for group in groups:
        for chunk in map(group.column, range(group.num_columns)):
            if f"{chunk.path_in_schema}.".startswith(starts):
                yield chunk


def _check_fixed_size(
    file: SourceFile, chunks: Iterable[pq.ColumnChunkMetaData], name: str
) -> None:
    """Refuses lists of fixed size of which one may be null, on which Arrow's reader breaks off."""
    for chunk in chunks:
        statistics = chunk.statistics
        if statistics is None or not statistics.has_null_count or statistics.null_count:
            raise InputError(
                f"{file.path}: column {name!r}: got lists of fixed size of which some may be null "
                "or hold a null, which Arrow cannot read, expected lists without nulls; cast the "
                "column to lists of any size, or leave such rows out"
            )


def _check_pages(file: SourceFile, raw: BinaryIO, chunk: pq.ColumnChunkMetaData) -> None:
    """Refuses a page that would not fit into memory; a page is read as a whole."""
    if chunk.total_uncompressed_size <= _MAX_PAGE_BYTES:
        return
    largest = max(page_sizes(raw, chunk), default=0)
    if largest > _MAX_PAGE_BYTES:
        raise InputError(
            f"{file.path}: column {chunk.path_in_schema!r}: got a page of {largest:,} bytes, "
            f"expected at most {_MAX_PAGE_BYTES:,}, as a page is read as a whole; write the file "
            "with smaller pages, or cut its largest values"
        )


@contextmanager
def _opened(file: SourceFile) -> Iterator[tuple[pq.ParquetFile, BinaryIO]]:
    """A file, and the bytes that it is read from."""
    with reading(file.path), open_stored(file) as raw:
        yield pq.ParquetFile(raw, pre_buffer=False), raw


def _batch_rows(groups: Sequence[pq.RowGroupMetaData], dictionary_bytes: float) -> int:
    """Rows that hold some megabytes."""
    sizes = [g.total_byte_size / g.num_rows for g in groups if g.num_rows]
    return rows_at_once(max([dictionary_bytes, *sizes], default=1))
