"""Source files, and the input splits that workers read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what a help text needs of a format must be light
    from preprocess.spec import Dialect

SPLIT_BYTES = 8 << 20
MAX_ROW_BYTES = 16 << 20


@dataclass(frozen=True)
class SourceFile:
    """One raw file.

    Attributes:
      index: place in the list of files, from 0.
      path: anything that Beam's file systems open.
      size: bytes as stored when the job was planned; a file that differs later is refused.
      split: the split its rows belong to, as in `--input SPLIT=GLOB`; None without one.
      format: name of its `InputFormat`.
      dialect: how its cells are written, where the spec says so.
      max_row_bytes: a longer row is rejected unread.
      stored: where its bytes lie, if not at `path`, which is but the name of a table.
      sha256: of its bytes, in hex, where that is known.
    """

    index: int
    path: str
    size: int
    split: str | None
    format: str
    dialect: Dialect | None = None
    max_row_bytes: int = MAX_ROW_BYTES
    stored: str | None = None
    sha256: str | None = None

    @property
    def place(self) -> str:
        """Where its bytes lie."""
        return self.stored or self.path

    @property
    def is_compressed(self) -> bool:
        """Whether the file can only be read from its beginning."""
        return self.path.endswith(".gz")


@dataclass(frozen=True)
class InputSplit:
    """A part of a file that one worker reads; small enough to be shuffled by the thousand.

    Attributes:
      file: the file.
      start: first row group (Parquet), record batch (Arrow) or byte.
      stop: the one after the last; a line belongs to where its first byte is.
      end: where the last input split of the file stops.
      first_row: number of the first row, where the format counts them as it cuts.
    """

    file: SourceFile
    start: int
    stop: int
    end: int
    first_row: int = 0


def whole(file: SourceFile) -> list[InputSplit]:
    """One input split of the whole file; none if it is empty."""
    return [InputSplit(file, 0, file.size, file.size)] if file.size else []


def byte_ranges(file: SourceFile, size: int = SPLIT_BYTES) -> list[InputSplit]:
    """Cuts a file into input splits of `size` bytes; a compressed one is read whole."""
    if file.is_compressed:
        return whole(file)
    end = file.size
    return [InputSplit(file, at, min(at + size, end), end) for at in range(0, end, size)]
