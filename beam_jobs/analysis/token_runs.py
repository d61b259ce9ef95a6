"""Sorted runs of token tables in files, and their merging block by block.

Knuth, The Art of Computer Programming 3, 5.4: what is too large to sort in memory is written in
sorted runs, which are merged with a block of each in memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beam_jobs.analysis.token_counts import merge, ordered
from beam_jobs.analysis.token_hash import hashes
from beam_jobs.runtime.packing import pack_table, unpack_table
from beam_jobs.runtime.spill import Reference, Spill

Run = tuple[Reference, ...]
"""Blocks of one order, each a packed token table."""

# A block has at most so many rows and bytes of text, but never less than a row.
_BLOCK_ROWS = 1 << 15
_BLOCK_BYTES = 2 << 20
# Runs that are merged at once, with a block of each in memory; more are merged in steps.
_FAN_IN = 64

Key = Callable[[int], Any]


class Order(ABC):
    """An order of the rows of token tables."""

    @abstractmethod
    def arranged(self, tables: Sequence[pa.Table]) -> pa.Table:
        """The rows of some tables as one table in this order."""

    @abstractmethod
    def key(self, table: pa.Table) -> Key:
        """Gives the key of each row of a table by its number; rows stand in the order of keys."""


class ByHash(Order):
    """By the hash of the token; equal tokens become one row, and their counts are added up."""

    def arranged(self, tables: Sequence[pa.Table]) -> pa.Table:
        """`merge` of some tables, by hash."""
        table = merge(tables).combine_chunks()
        return table.take(np.argsort(_hashes(table)))

    def key(self, table: pa.Table) -> Key:
        """The hash of each row's token."""
        found = _hashes(table)
        return lambda n: found[n]


class ByCount(Order):
    """By count and ties, as `ordered`; the tables share no token."""

    def arranged(self, tables: Sequence[pa.Table]) -> pa.Table:
        """`ordered` of all rows."""
        return ordered(pa.concat_tables(tables))

    def key(self, table: pa.Table) -> Key:
        """Count and ties of each row."""
        counts = table["count"].to_numpy()
        if "row" in table.column_names:
            rows, places = table["row"].to_numpy(), table["place"].to_numpy()
            return lambda n: (-counts[n], rows[n], places[n])
        return lambda n: (-counts[n], table["token"][n].as_py())


def write_run(tables: Iterable[pa.Table], order: Order, spill: Spill) -> Run:
    """Writes tables, each in order and one behind the other; rows of one key share a block."""
    return tuple(
        spill.write(pack_table(block)) for table in tables for block in _blocks(table, order)
    )


def merged(runs: Iterable[Run], order: Order, folder: str) -> Iterator[pa.Table]:
    """The rows of all runs, in order, in tables of at most a block of each of `_FAN_IN` runs.

    Args:
      runs: each in order.
      order: of the runs.
      folder: where runs are written if there are too many to be merged at once.
    """
    left = list(runs)
    while len(left) > _FAN_IN:
        groups = [left[start : start + _FAN_IN] for start in range(0, len(left), _FAN_IN)]
        with closing(Spill(folder)) as spill:
            left = [write_run(_at_once(group, order), order, spill) for group in groups]
    return _at_once(left, order)


def first_rows(tables: Iterable[pa.Table], size: int | None) -> Iterator[pa.Table]:
    """The first `size` rows of some tables, which are not read beyond; None: all."""
    for table in tables:
        yield table.slice(0, size)
        if size is not None:
            size -= len(table)
            if size <= 0:
                return


def _at_once(runs: Iterable[Run], order: Order) -> Iterator[pa.Table]:
    cursors = [_Cursor(run, order) for run in runs if run]
    while cursors:
        # Of what is not in memory, nothing comes before the least of the last rows that are.
        bound = min((cursor.last for cursor in cursors if cursor.has_more), default=None)
        tables = [cursor.take(bound) for cursor in cursors]
        cursors = [cursor for cursor in cursors if cursor.is_left]
        yield order.arranged(tables)


class _Cursor:
    """A run that is read block by block."""

    def __init__(self, run: Run, order: Order) -> None:
        self._run = run
        self._order = order
        self._next = self._start = 0
        self._load()

    @property
    def last(self) -> Any:
        """The key of the last row of the block in memory."""
        return self._key(len(self._block) - 1)

    @property
    def has_more(self) -> bool:
        """Whether there are blocks behind the one in memory."""
        return self._next < len(self._run)

    @property
    def is_left(self) -> bool:
        """Whether the block in memory has rows that have not been taken."""
        return self._start < len(self._block)

    def take(self, bound: Any) -> pa.Table:
        """The rows of the block that come next, up to the key `bound`; None takes all."""
        stop = len(self._block)
        if bound is not None:
            stop = bisect_right(range(stop), bound, lo=self._start, key=self._key)
        taken = self._block.slice(self._start, stop - self._start)
        self._start = stop
        if not self.is_left and self.has_more:
            self._load()
        return taken

    def _load(self) -> None:
        self._block = unpack_table(self._run[self._next].read())
        self._key = self._order.key(self._block)
        self._start = 0
        self._next += 1


def _blocks(table: pa.Table, order: Order) -> Iterator[pa.Table]:
    table = table.combine_chunks()
    key, start = order.key(table), 0
    sizes = np.cumsum(pc.binary_length(table["token"]).to_numpy(), dtype=np.int64)
    while start < len(table):
        before = sizes[start - 1] if start else 0
        fitting = int(np.searchsorted(sizes, before + _BLOCK_BYTES, side="right"))
        stop = min(max(fitting, start + 1), start + _BLOCK_ROWS, len(table))
        while stop < len(table) and key(stop) == key(stop - 1):
            stop += 1
        yield table.slice(start, stop - start)
        start = stop


def _hashes(table: pa.Table) -> NDArray[np.uint64]:
    return hashes(table["token"].combine_chunks())
