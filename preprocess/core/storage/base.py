"""The interface that every storage has."""

from __future__ import annotations

import errno
import os
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, ClassVar, NamedTuple

from preprocess.core.storage.path_pattern import PathPattern

TEMPORARY = ".tmp"
"""Ends the name of a file that is not whole yet."""


class StoredFile(NamedTuple):
    """A file, and its size in bytes."""

    path: str
    size: int


class LockedFile(ABC):
    """A small file of text that one process at a time holds.

    Attributes:
      is_exclusive: whether the storage sees to that; else the text is all there is to go by.
    """

    is_exclusive: bool

    @abstractmethod
    def read(self) -> str:
        """The text; empty if nobody has written any."""

    @abstractmethod
    def write(self, text: str) -> None:
        """Replaces the text."""


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

    @contextmanager
    def locked(self, path: str) -> Iterator[LockedFile]:
        """Holds a file, which is made if it is missing, until the block or the process ends.

        Raises:
          BlockingIOError: another process holds it.
        """
        yield _UnlockedFile(self, path)

    @contextmanager
    def replacing(self, path: str, *, exclusive: bool = False) -> Iterator[BinaryIO]:
        """Opens a file that takes the place of `path` once the block ends without an error.

        A reader sees what was there before, or all that is written. Until then the file has a
        random name beside `path`, which nobody can foresee, or none.

        Args:
          path: a file that is there then is replaced.
          exclusive: whether it is refused instead.

        Raises:
          FileExistsError: `exclusive`, and there is one.
        """
        temporary = f"{path}.{uuid.uuid4().hex}{TEMPORARY}"
        try:
            with self.create(temporary, exclusive=True) as file:
                yield file
            if exclusive and self.exists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
            self.rename(temporary, path)
        except BaseException:
            self.delete_tree(temporary)
            raise

    def move(self, source: str, destination: str) -> None:
        """Moves a file, or a folder with all it holds, to a name that is free.

        One that failed halfway is completed by the same call. Nothing happens without a source.
        """
        beside = self.list(source.rpartition("/")[0], depth=0)
        itself = [file for file in beside if file.path == source]  # no folder, which may exist too
        for file in [*self.list(source), *itself]:
            self.rename(file.path, destination + file.path.removeprefix(source))

    def subfolders(self, folder: str) -> list[str]:
        """The names of the folders that lie in a folder, links left out, in order."""
        below = (file.path[len(folder) + 1 :].split("/") for file in self.list(folder))
        return sorted({parts[0] for parts in below if len(parts) > 1})

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

    def link_in(self, path: str) -> str | None:
        """A symbolic link that `path` is or has somewhere below it, if there is one."""
        return None

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


class _UnlockedFile(LockedFile):
    """On a storage without locks."""

    is_exclusive = False

    def __init__(self, storage: Storage, path: str) -> None:
        self._storage = storage
        self._path = path

    def read(self) -> str:
        return self._storage.read(self._path).decode() if self._storage.exists(self._path) else ""

    def write(self, text: str) -> None:
        with self._storage.create(self._path) as file:
            file.write(text.encode())
