"""Files on a disk of this machine, by the standard library."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterator
from typing import BinaryIO, cast

from preprocess.core.storage.base import Guarantees, Storage, StoredFile

SCHEME = "file"


class LocalStorage(Storage):
    """Local paths, and URIs of the scheme `file`."""

    guarantees = Guarantees(
        folders=True, atomic_rename=True, consistent_listing=True, exclusive_create=True
    )

    def open(self, path: str) -> BinaryIO:
        return open(_local(path), "rb")

    def create(self, path: str, *, exclusive: bool = False) -> BinaryIO:
        _make_parent(path)
        return cast(BinaryIO, open(_local(path), "xb" if exclusive else "wb"))

    def rename(self, source: str, destination: str) -> None:
        _make_parent(destination)
        os.replace(_local(source), _local(destination))

    def glob(self, pattern: str) -> list[StoredFile]:
        scheme = pattern[: -len(_local(pattern))]
        paths = {scheme + path for path in glob.glob(_local(pattern), recursive=True)}
        sizes = ((path, self.size(path)) for path in sorted(paths))
        return [StoredFile(path, size) for path, size in sizes if size is not None]

    def list(self, folder: str, depth: int | None = None) -> list[StoredFile]:
        return sorted(_files(folder, depth))

    def size(self, path: str) -> int | None:
        local = _local(path)
        return os.path.getsize(local) if os.path.isfile(local) else None

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(_local(path))

    def delete_tree(self, path: str) -> None:
        local = _local(path)
        if os.path.isdir(local) and not os.path.islink(local):
            shutil.rmtree(local)
        elif os.path.lexists(local):
            os.remove(local)


def _local(path: str) -> str:
    return path.removeprefix(f"{SCHEME}://")


def _make_parent(path: str) -> None:
    os.makedirs(os.path.dirname(_local(path)) or ".", exist_ok=True)


def _files(folder: str, depth: int | None) -> Iterator[StoredFile]:
    """Links to folders are not followed, as they may lead back."""
    try:
        entries = list(os.scandir(_local(folder) or "."))
    except (FileNotFoundError, NotADirectoryError):  # also one that goes while its parent is listed
        return
    for entry in entries:
        path = os.path.join(folder, entry.name)
        if entry.is_file():
            yield StoredFile(path, entry.stat().st_size)
        elif entry.is_dir(follow_symlinks=False) and depth != 0:
            yield from _files(path, None if depth is None else depth - 1)
