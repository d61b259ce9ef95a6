"""Many small files that are read as one, each of them a row."""

from __future__ import annotations

import functools
import hashlib
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from preprocess.core.storage import StoredFile


@dataclass(frozen=True)
class FileGroup:
    """Paths and sizes of files, packed, as a job hands them to every stage and worker.

    Attributes:
      packed: of all files, compressed.
      count: how many they are.
      first: number of the first, in a part of a larger group.
    """

    packed: bytes
    count: int
    first: int = 0

    @classmethod
    def of(cls, files: Sequence[StoredFile]) -> FileGroup:
        """Groups files, which are numbered in the order given."""
        fields = (str(field) for file in files for field in file)
        return cls(zlib.compress("\0".join(fields).encode(errors="surrogateescape")), len(files))

    @property
    def files(self) -> list[StoredFile]:
        """The files in order."""
        return _unpacked(self.packed)

    @property
    def sha256(self) -> str:
        """SHA-256, in hex, of names and sizes: another file, or one of another size, changes it.

        It is that of a line `NAME<NUL>SIZE<LF>` for each file in the order of their names, which
        are the paths below the folder that holds them all. It does not depend on where that is.
        """
        paths = [file.path for file in self.files]
        root = os.path.commonpath([os.path.dirname(path) for path in paths]) if paths else ""
        named = sorted((file.path[len(root) :].lstrip("/"), file.size) for file in self.files)
        lines = "".join(f"{name}\0{size}\n" for name, size in named)
        return hashlib.sha256(lines.encode(errors="surrogateescape")).hexdigest()

    def part(self, start: int, stop: int) -> FileGroup:
        """The files from one number to another."""
        return replace(FileGroup.of(self.files[start:stop]), first=self.first + start)

    def path(self, number: int) -> str:
        """The path of a file by its number."""
        return self.files[number - self.first].path

    def number(self, path: str) -> int:
        """The number of a file by its path."""
        return self.first + _numbers(self.packed)[path]


@functools.lru_cache(maxsize=64)
def _unpacked(packed: bytes) -> list[StoredFile]:
    fields = zlib.decompress(packed).decode(errors="surrogateescape").split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return [StoredFile(path, int(size)) for path, size in pairs]


@functools.lru_cache(maxsize=8)
def _numbers(packed: bytes) -> dict[str, int]:
    return {file.path: number for number, file in enumerate(_unpacked(packed))}
