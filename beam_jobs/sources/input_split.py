"""Source files, the pieces they are read in, and the blocks of raw rows that come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PIECE_BYTES = 8 << 20
BLOCK_BYTES = 4 << 20
BLOCK_ROWS = 8192


@dataclass(frozen=True)
class SourceFile:
    """One raw file.

    Attributes:
      index: place in the list of files, from 0.
      path: anything that Beam's file systems open.
      size: bytes as stored.
      split: the split its rows belong to, as in `--input SPLIT=GLOB`; None without one.
      format: suffix without dot and compression: parquet, jsonl, csv, tsv, txt or tfrecord.
    """

    index: int
    path: str
    size: int
    split: str | None
    format: str

    @property
    def is_compressed(self) -> bool:
        """Whether the file can only be read from its beginning."""
        return self.path.endswith(".gz")


@dataclass(frozen=True)
class Piece:
    """A part of a file that one worker reads; small enough to be shuffled by the thousand.

    Attributes:
      file: the file.
      start: first row group (Parquet) or byte.
      stop: the row group or byte after the last; a line belongs to the piece of its first byte.
    """

    file: SourceFile
    start: int
    stop: int


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


def whole(file: SourceFile) -> list[Piece]:
    """The one piece of a file that is read from its beginning to its end; none if it is empty."""
    return [Piece(file, 0, file.size)] if file.size else []


def byte_ranges(file: SourceFile, size: int = PIECE_BYTES) -> list[Piece]:
    """Cuts a file into pieces of `size` bytes; a compressed one is read whole."""
    if file.is_compressed:
        return whole(file)
    return [Piece(file, at, min(at + size, file.size)) for at in range(0, file.size, size)]
