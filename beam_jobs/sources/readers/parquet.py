"""Parquet: read by row group, big ones in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from beam_jobs.sources.block import BLOCK_BYTES, BLOCK_ROWS, Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader, refuse_duplicates
from beam_jobs.sources.input_split import SPLIT_BYTES, InputSplit, SourceFile
from beam_jobs.sources.raw_files import open_raw, reading


def input_splits(file: SourceFile) -> list[InputSplit]:
    """Runs of row groups that together hold about 8 MB before compression."""
    with _opened(file) as parquet:
        metadata = parquet.metadata
        sizes = [metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)]
    return [InputSplit(file, start, stop) for start, stop in _runs(sizes)]


def _runs(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cuts a list of sizes into runs of at least `SPLIT_BYTES`; the last may hold less."""
    start, held = 0, 0
    for index, size in enumerate(sizes):
        held += size
        if held >= SPLIT_BYTES or index == len(sizes) - 1:
            yield start, index + 1
            start, held = index + 1, 0


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """Types and number of rows from the footer."""
    with _opened(file) as parquet:
        schema = parquet.schema_arrow
        refuse_duplicates(file.path, schema.names, wanted)
        types = dict(zip(schema.names, schema.types, strict=True))
        return FileHeader(types, parquet.metadata.num_rows > 0, is_complete=True)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The rows of the input split's row groups."""
    names = list(dict.fromkeys(column.source for column in columns))
    with _opened(input_split.file) as parquet:
        groups = [parquet.metadata.row_group(i) for i in range(input_split.stop)]
        row = sum(group.num_rows for group in groups[: input_split.start])
        batches = parquet.iter_batches(
            _batch_rows(groups[input_split.start :]),
            row_groups=list(range(input_split.start, input_split.stop)),
            columns=names,
        )
        for batch in batches:
            yield Block(_flat(batch), np.arange(row, row + batch.num_rows), [])
            row += batch.num_rows


@contextmanager
def _opened(file: SourceFile) -> Iterator[pq.ParquetFile]:
    with reading(file.path), open_raw(file.path) as raw:
        yield pq.ParquetFile(raw, pre_buffer=False)


def _batch_rows(groups: Sequence[pq.RowGroupMetaData]) -> int:
    """Rows that hold some megabytes."""
    average = max((g.total_byte_size / g.num_rows for g in groups if g.num_rows), default=1)
    return int(min(BLOCK_ROWS, max(16, 2 * BLOCK_BYTES / max(average, 1))))


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """`batch` without extension types."""
    arrays = [
        array.storage if isinstance(array, pa.ExtensionArray) else array for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
