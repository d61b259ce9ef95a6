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
