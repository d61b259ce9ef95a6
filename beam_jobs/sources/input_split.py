"""Source files, and the input splits that workers read."""

from __future__ import annotations

from dataclasses import dataclass

SPLIT_BYTES = 8 << 20


@dataclass(frozen=True)
class SourceFile:
    """One raw file.

    Attributes:
      index: place in the list of files, from 0.
      path: anything that Beam's file systems open.
      size: bytes as stored.
      split: the split its rows belong to, as in `--input SPLIT=GLOB`; None without one.
      format: name of its `InputFormat`.
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
class InputSplit:
    """A part of a file that one worker reads; small enough to be shuffled by the thousand.

    Attributes:
      file: the file.
      start: first row group (Parquet) or byte.
      stop: the row group or byte after the last; a line belongs to where its first byte is.
    """

    file: SourceFile
    start: int
    stop: int


def whole(file: SourceFile) -> list[InputSplit]:
    """One input split of the whole file; none if it is empty."""
    return [InputSplit(file, 0, file.size)] if file.size else []


def byte_ranges(file: SourceFile, size: int = SPLIT_BYTES) -> list[InputSplit]:
    """Cuts a file into input splits of `size` bytes; a compressed one is read whole."""
    if file.is_compressed:
        return whole(file)
    return [InputSplit(file, at, min(at + size, file.size)) for at in range(0, file.size, size)]
