"""Counts tokens in memory that does not grow with their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from beam_jobs.analysis.token_counts import merge
from beam_jobs.analysis.token_hash import hashes
from beam_jobs.analysis.token_runs import ByHash, Run, write_run
from beam_jobs.runtime.spill import Spill

PartKey = tuple[str, int]
"""A vocabulary, and a part of its tokens."""

# Bytes of all tables that a bundle holds. Merging and sorting them takes up to ten times as much
# beside them (with first occurrences), so a bundle needs about 512 MB, whatever it counts.
_HELD_BYTES = 48 << 20
# Bytes of tables below which it does not pay to merge them.
_MERGED_BYTES = 8 << 20


class TokenCounters:
    """Adds up the token tables of all vocabularies within a bundle, and spills what is too much.

    Tables are merged when those that wait are as large as the merged one, so that the work grows
    with n log n. All vocabularies share the bound on memory; above it, the largest are written as
    runs by hash.
    """

    def __init__(self, folder: str, partitions: int) -> None:
        """Makes empty counters.

        Args:
          folder: of the spilled runs.
          partitions: in which the tokens of a vocabulary are merged later, by their hash.
        """
        self._spill = Spill(folder)
        self._partitions = partitions
        self._counters: dict[str, _TokenCounter] = defaultdict(_TokenCounter)

    def add(self, name: str, table: pa.Table) -> Iterator[tuple[PartKey, Run]]:
        """Adds a table in which every token stands once; gives the runs that made room for it."""
        self._counters[name].add(table)
        if self._held > _HELD_BYTES:
            yield from self._emptied()

    def close(self) -> Iterator[tuple[PartKey, Run]]:
        """Writes what is left, makes all runs readable, and gives the last of them."""
        for name, counter in self._counters.items():
            yield from self._written(name, counter)
        self._spill.close()

    @property
    def _held(self) -> int:
        return sum(counter.held for counter in self._counters.values())

    def _emptied(self) -> Iterator[tuple[PartKey, Run]]:
        """Merges all, and if that leaves too much, writes the largest."""
        for counter in self._counters.values():
            counter.merge()
        by_size = sorted(self._counters.items(), key=lambda item: item[1].held, reverse=True)
        for name, counter in by_size:
            if self._held <= _HELD_BYTES // 2:
                return
            yield from self._written(name, counter)

    def _written(self, name: str, counter: _TokenCounter) -> Iterator[tuple[PartKey, Run]]:
        if not counter.held:
            return
        order = ByHash()
        table = order.arranged(counter.tables())
        for part, rows in _parts(table, self._partitions):
            yield (name, part), write_run([rows], order, self._spill)


class _TokenCounter:
    """The tables of one vocabulary: the first is what others were merged to."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._merged = 0
        self._waiting = 0

    @property
    def held(self) -> int:
        """Bytes of all tables."""
        return self._merged + self._waiting

    def add(self, table: pa.Table) -> None:
        """Adds a table, and merges them if it is time."""
        self._tables.append(table)
        self._waiting += table.nbytes
        if self._waiting >= max(self._merged, _MERGED_BYTES):
            self.merge()

    def merge(self) -> None:
        """Makes one table of all."""
        if self._waiting:
            self._tables = [merge(self._tables)]
            self._merged, self._waiting = self._tables[0].nbytes, 0

    def tables(self) -> list[pa.Table]:
        """All tables; they leave the counter."""
        tables = self._tables
        self._tables, self._merged, self._waiting = [], 0, 0
        return tables


def _parts(table: pa.Table, partitions: int) -> Iterator[tuple[int, pa.Table]]:
    """The rows of each partition that has any, of a table by hash."""
    found = hashes(table["token"].combine_chunks())
    starts = [-(-(part << 64) // partitions) for part in range(1, partitions)]
    cuts = np.searchsorted(found, np.array(starts, np.uint64))
    bounds = [0, *cuts.tolist(), len(table)]
    for part, (start, stop) in enumerate(pairwise(bounds)):
        if stop > start:
            yield part, table.slice(start, stop - start)
