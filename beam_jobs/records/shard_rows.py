"""The rows of a shard, held once, and taken a few at a time in the order of their fingerprints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preprocess.core.row_position import SOURCE

HIGH, LOW = "_high", "_low"
"""The columns of a row's fingerprint."""

# Chunks are joined up to about this size, so that few batches are taken from at every step.
_BATCH_BYTES = 8 << 20

# Steps whose rows are taken from the batches at a time.
_STEPS = 4


class ShardRows:
    """Rows in the order of their fingerprints, of which no sorted copy is made.

    Attributes:
      sources: number of rows by index of the source file.
    """

    def __init__(self, chunks: Iterable[pa.RecordBatch]) -> None:
        """Takes the rows over.

        Args:
          chunks: rows with their fingerprints; ids may be unsigned integers of different width.
        """
        self._batches: list[pa.RecordBatch] = []
        self.sources: Counter[int] = Counter()
        keys = [np.empty((2, 0), np.int64)]
        for batch in _joined(chunks):
            keys.append(np.stack([batch[LOW].to_numpy(), batch[HIGH].to_numpy()]))
            sources, counts = np.unique(batch[SOURCE].to_numpy(), return_counts=True)
            self.sources.update(dict(zip(sources.tolist(), counts.tolist(), strict=True)))
            self._batches.append(batch.drop_columns([LOW, HIGH]))
        self._order = np.lexsort(np.concatenate(keys, axis=1))
        self._ends = np.cumsum([len(batch) for batch in self._batches])

    def __len__(self) -> int:
        return len(self._order)

    def taken(self, step: int) -> Iterator[pa.RecordBatch]:
        """All rows in their order, `step` at a time."""
        for start in range(0, len(self), _STEPS * step):
            rows = self._take(self._order[start : start + _STEPS * step])
            yield from (rows.slice(place, step) for place in range(0, len(rows), step))

    def column(self, name: str) -> pa.ChunkedArray:
        """A copy of one column, in the order of the rows."""
        return pa.chunked_array([batch[name] for batch in self._batches]).take(self._order)

    def _take(self, rows: NDArray[np.int64]) -> pa.RecordBatch:
        ascending = np.sort(rows)
        stops = np.searchsorted(ascending, self._ends)
        parts = []
        for batch, end, of_batch in zip(
            self._batches, self._ends, np.split(ascending, stops[:-1]), strict=True
        ):
            if len(of_batch):
                parts.append(batch.take(of_batch - (end - len(batch))))
        return _one_batch(parts).take(np.searchsorted(ascending, rows))


def concat(tables: list[pa.Table]) -> pa.Table:
    """One table of chunks whose ids may be unsigned integers of different width."""
    return pa.concat_tables(tables, promote_options="permissive")


def _joined(chunks: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    held: list[pa.RecordBatch] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += chunk.nbytes
        if size >= _BATCH_BYTES:
            yield _one_batch(held)
            held, size = [], 0
    if held:
        yield _one_batch(held)


def _one_batch(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    table = concat([pa.Table.from_batches([batch]) for batch in batches])
    return table.combine_chunks().to_batches()[0]
