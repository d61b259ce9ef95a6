"""Tables of tokens and counts, and how they merge: Arrow only.

A table has the columns `token` (binary), `count` (int64) and, where ties are broken by first
occurrence, `row` and `place` (int64): the first row that holds the token, and its place there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

# Rows are numbered through all input files: the file in the high bits.
_FILE_SHIFT = 44


def global_rows(sources: NDArray[np.int32], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers that order rows as the input does: by file, then by place in the file.

    Raises:
      ValueError: a file has 2^44 rows or bytes, or there are 2^19 files.
    """
    if (rows >> _FILE_SHIFT).any() or (sources >> 19).any():
        raise ValueError("got an input of over 2^44 bytes a file or 2^19 files; split it")
    return (sources.astype(np.int64) << _FILE_SHIFT) | rows


def table_of(
    tokens: pa.Array,
    counts: NDArray[np.integer],
    firsts: tuple[NDArray[np.int64], NDArray[np.int64]] | None,
) -> pa.Table:
    """The table of one batch; `firsts` are the rows and places of first occurrence."""
    columns = {"token": tokens, "count": pa.array(counts, pa.int64())}
    if firsts is not None:
        columns |= {
            "row": pa.array(firsts[0], pa.int64()),
            "place": pa.array(firsts[1], pa.int64()),
        }
    return pa.table(columns)


def first_occurrences(
    places: NDArray[np.integer], lengths: NDArray[np.integer], unique: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each unique token of a batch: the row of its first occurrence, and its place there.

    Args:
      places: for each token of the flat batch, the index of its unique token.
      lengths: tokens of each row.
      unique: number of unique tokens.
    """
    first = np.empty(unique, np.int64)
    # Assigned backwards, so that the first occurrence is what stays.
    first[places[::-1]] = np.arange(len(places) - 1, -1, -1)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = np.searchsorted(starts, first, side="right") - 1
    return rows, first - starts[rows]


def merge(tables: Sequence[pa.Table]) -> pa.Table:
    """One table of several in each of which a token stands once, counts added; in any order."""
    if len(tables) == 1:
        return tables[0]
    table = pa.concat_tables(tables)
    aggregations = [("count", "sum")]
    if "row" in table.column_names:
        table = table.sort_by([("row", "ascending"), ("place", "ascending")])
        aggregations += [("row", "first"), ("place", "first")]
    # `first` needs the order of the rows, which threads would not keep.
    merged = table.group_by("token", use_threads=False).aggregate(aggregations)
    names = [name.rsplit("_", 1)[0] if "_" in name else name for name in merged.column_names]
    return merged.rename_columns(names).select(table.column_names)


def ordered(table: pa.Table) -> pa.Table:
    """Count descending, ties as the columns say: by first occurrence or by UTF-8 bytes."""
    ties = ["row", "place"] if "row" in table.column_names else ["token"]
    keys = [("count", "descending"), *((name, "ascending") for name in ties)]
    return table.sort_by(keys)


def best(table: pa.Table, size: int | None) -> pa.Table:
    """The first `size` rows of `ordered`; None: all."""
    if size is not None and len(table) > size:
        # What is rarer than the last of them need not be sorted.
        counts = table["count"].to_numpy()
        least = np.partition(counts, -size)[-size]
        table = table.filter(pa.array(counts >= least))
    return ordered(table).slice(0, size)


def counts_of(table: pa.Table) -> dict[str, int]:
    """The count of each token of a small table."""
    tokens = (token.decode() for token in table["token"].to_pylist())
    return dict(zip(tokens, table["count"].to_pylist(), strict=True))
