"""Canonical batches: one split each, in the order of the input, of a few megabytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.sources.block import BLOCK_BYTES, BLOCK_ROWS, Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.columns.list_values import flattened
from beam_jobs.sources.row_validator import ValidatedRows
from preprocess.core.row_position import POSITION


def canonical(
    source: int, block: Block, validated: ValidatedRows, columns: Sequence[InputColumn]
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The good rows of a block: a split's index and its rows, for each split that has some."""
    if not len(block.rows):
        return
    sources = pa.array(np.full(len(block.rows), source, np.int32))
    arrays = [sources, pa.array(block.rows), validated.splits, *validated.values]
    table = pa.RecordBatch.from_arrays(arrays, schema=batch_schema(columns))
    splits = np.asarray(pc.fill_null(validated.splits, -1))
    for split in np.unique(splits[~validated.bad]).tolist():
        chosen = (splits == split) & ~validated.bad
        yield split, table if chosen.all() else table.filter(pa.array(chosen))


def batch_schema(columns: Sequence[InputColumn]) -> pa.Schema:
    """The Arrow schema of a batch."""
    return pa.schema([*POSITION, *((column.name, column.type) for column in columns)])


class RowBatcher:
    """Gathers rows, split by split, until they make a batch."""

    def __init__(self, max_bytes: int = BLOCK_BYTES, max_rows: int = BLOCK_ROWS) -> None:
        self._max_bytes, self._max_rows = max_bytes, max_rows
        self._held: dict[int, list[pa.RecordBatch]] = {}
        self._bytes: dict[int, int] = {}

    def add(self, split: int, rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Takes rows in and gives the batches that are full."""
        self._held.setdefault(split, []).append(rows)
        self._bytes[split] = self._bytes.get(split, 0) + int(row_bytes(rows).sum())
        count = sum(batch.num_rows for batch in self._held[split])
        if count >= self._max_rows or self._bytes[split] >= self._max_bytes:
            *full, last = self._cut(self._joined(split))
            self._held[split], self._bytes[split] = [last], int(row_bytes(last).sum())
            yield from full

    def flush(self) -> Iterator[pa.RecordBatch]:
        """The rows that did not make a full batch."""
        for split in sorted(self._held):
            yield self._joined(split)
        self._held, self._bytes = {}, {}

    def _joined(self, split: int) -> pa.RecordBatch:
        held = self._held[split]
        if len(held) == 1:
            return held[0]
        return pa.Table.from_batches(held).combine_chunks().to_batches()[0]

    def _cut(self, rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Slices no longer than a batch; a row that is too large alone stands alone."""
        ends = np.cumsum(row_bytes(rows))
        start = 0
        while start < rows.num_rows:
            before = ends[start - 1] if start else 0
            stop = int(np.searchsorted(ends, before + self._max_bytes, side="right"))
            stop = min(max(stop, start + 1), start + self._max_rows)
            yield rows.slice(start, stop - start)
            start = stop


def row_bytes(rows: pa.RecordBatch) -> npt.NDArray[np.int64]:
    """Bytes of text in each row, shape (rows,)."""
    total = np.zeros(rows.num_rows, np.int64)
    for array in rows.columns:
        if array.type == pa.binary():
            total += np.asarray(pc.fill_null(pc.binary_length(array), 0))
        elif array.type == pa.list_(pa.binary()):
            lists, values = flattened(array)
            sizes = np.asarray(pc.fill_null(pc.binary_length(values), 0))
            total += np.bincount(lists, sizes, len(array)).astype(np.int64)
    return total
