"""The interface that every storage has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import BinaryIO, ClassVar, NamedTuple

from preprocess.core.storage.path_pattern import PathPattern


class StoredFile(NamedTuple):
    """A file, and its size in bytes."""

    path: str
    size: int


class Guarantees(NamedTuple):
    """What a storage promises beyond its methods.

    Attributes:
      folders: there are folders, which may be empty; else a path is but a name with slashes.
      atomic_rename: a reader sees what was there before a rename or what is there after it.
      consistent_listing: what was written is listed at once, and what was deleted no more.
      exclusive_create: of several that create a file exclusively at once, one succeeds; else it
        is only looked whether the file is there.
    """

    folders: bool
    atomic_rename: bool
    consistent_listing: bool
    exclusive_create: bool


class Storage(ABC):
    """Files on one kind of storage. Every error is an OSError; a missing file FileNotFoundError."""

    guarantees: ClassVar[Guarantees]

    @abstractmethod
    def open(self, path: str) -> BinaryIO:
        """Opens the bytes of a file, as they are stored, for reading from any offset."""

    @abstractmethod
    def create(self, path: str, *, exclusive: bool = False) -> BinaryIO:
        """Opens a new file for writing, and makes the folders that lead to it.

        Args:
          path: a file that is there already is replaced.
          exclusive: whether it is refused instead.

        Raises:
          FileExistsError: `exclusive`, and there is one.
        """

    @abstractmethod
    def rename(self, source: str, destination: str) -> None:
        """Renames a file, over one that may be there, and makes the folders that lead to it."""

    def glob(self, pattern: str) -> list[StoredFile]:
        """The files that fit a pattern with magic characters, in the order of their paths."""
        wanted = PathPattern.of(pattern)
        files = self.list(wanted.folder, wanted.depth)
        return sorted(file for file in files if wanted.matches(file.path))

    @abstractmethod
    def list(self, folder: str, depth: int | None = None) -> list[StoredFile]:
        """The files below a folder, in the order of their paths; none if it is not there.

        Args:
          folder: begins the path of every file, as it is given here.
          depth: how many folders lie between it and a file at most; None: any number.
        """

    @abstractmethod
    def size(self, path: str) -> int | None:
        """Bytes of a file; None if there is none."""

    @abstractmethod
    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of this name; False where there are no folders."""

    @abstractmethod
    def delete_tree(self, path: str) -> None:
        """Deletes a file, or a folder with all it holds; either may be missing."""

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        with self.open(path) as file:
            return file.read()

    def read_range(self, path: str, offset: int, size: int) -> bytes:
        """Reads `size` bytes of a file from `offset` on, or fewer if it ends before."""
        with self.open(path) as file:
            file.seek(offset)
            return file.read(size)

    def exists(self, path: str) -> bool:
        """Whether there is a file of this name."""
        return self.size(path) is not None
