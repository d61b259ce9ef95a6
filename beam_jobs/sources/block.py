"""Blocks of raw rows: what every format gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

BLOCK_BYTES = 4 << 20
BLOCK_ROWS = 8192


@dataclass(frozen=True)
class Block:
    """Raw rows as a format gives them.

    Attributes:
      table: the raw columns that were asked for, of any Arrow types; a null is a value that is
        missing or null.
      rows: int64, shape (rows of `table`,), ascending; the place of each row in the file.
      bad: place and reason of the rows that could not be read at all; not in `table`.
    """

    table: pa.RecordBatch
    rows: npt.NDArray[np.int64]
    bad: list[tuple[int, str]]


def rejected(bad: list[tuple[int, str]]) -> Block:
    """A block of rows that could not be read at all, given as place and reason."""
    return Block(pa.RecordBatch.from_arrays([], names=[]), np.array([], np.int64), bad)


def too_long(max_bytes: int) -> str:
    """The reason of a row that is longer than `rejects.max_bytes`."""
    return (
        f"got a row of more than {max_bytes:,} bytes, expected at most as many as "
        "rejects.max_bytes; cut the row, or raise rejects.max_bytes"
    )
