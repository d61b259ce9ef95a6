"""Source files, and the input splits that workers read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from beam_jobs.sources.file_group import FileGroup

if TYPE_CHECKING:  # what a help text needs of a format must be light
    from preprocess.spec import Dialect

SPLIT_BYTES = 8 << 20
MAX_ROW_BYTES = 16 << 20


_SAMPLED = 16  # files of a group


@dataclass(frozen=True)
class SourceFile:
    """One raw file, or a group of files that each are a row.

    Attributes:
      index: place in the list of files, from 0.
      path: anything that Beam's file systems open; of a group the pattern that its files match.
      size: bytes as stored when the job was planned; a file that differs later is refused.
      split: the split its rows belong to, as in `--input SPLIT=GLOB`; None without one.
      format: name of its `InputFormat`.
      dialect: how its cells are written, where the spec says so.
      max_row_bytes: a longer row is rejected unread.
      stored: where its bytes lie, if not at `path`, which is but the name of a table.
      sha256: of its bytes, in hex, where that is known.
      group: the files of a group.
    """

    index: int
    path: str
    size: int
    split: str | None
    format: str
    dialect: Dialect | None = None
    max_row_bytes: int = MAX_ROW_BYTES
    group: FileGroup | None = None
    stored: str | None = None
    sha256: str | None = None

    @property
    def location(self) -> str:
        """Where its bytes lie."""
        return self.stored or self.path

    @property
    def is_compressed(self) -> bool:
        """Whether the file can only be read from its beginning."""
        return self.path.endswith(".gz")

    @property
    def members(self) -> list[SourceFile]:
        """The files that are opened: those of a group, or this one."""
        if self.group is None:
            return [self]
        files = self.group.files
        return [replace(self, path=file.path, size=file.size, group=None) for file in files]

    @property
    def samples(self) -> list[SourceFile]:
        """Some of `members`, the first and the last among them."""
        members = self.members
        step = max(1, len(members) // _SAMPLED)
        return [*members[:-1:step], members[-1]]

    @property
    def paths(self) -> list[str]:
        """The paths of `members`."""
        return [file.path for file in self.group.files] if self.group else [self.path]

    def part(self, start: int, stop: int) -> SourceFile:
        """A group of the files from one number to another."""
        return replace(self, group=self.group.part(start, stop)) if self.group else self

    def place(self, row: int) -> tuple[str, int]:
        """The path of the very file that a row stands in, and its place there."""
        return (self.group.path(row), 0) if self.group else (self.path, row)

    def row(self, path: str, place: int) -> int:
        """The row at a place, as `place` gives it."""
        return self.group.number(path) if self.group else place


@dataclass(frozen=True)
class InputSplit:
    """A part of a file that one worker reads; small enough to be shuffled by the thousand.

    Attributes:
      file: the file.
      start: first row group (Parquet), record batch (Arrow), file (of a group) or byte.
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
