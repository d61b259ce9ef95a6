"""Beam's file systems as a storage: object stores and HDFS."""

from __future__ import annotations

import errno
from typing import BinaryIO

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from preprocess.core.storage import Guarantees, Storage, StoredFile

# Never AUTO: Beam's own decompression can pass a truncated file as a whole one.
_PLAIN = CompressionTypes.UNCOMPRESSED


class BeamStorage(Storage):
    """URIs of the schemes that Beam knows; promises what all of these have in common."""

    guarantees = Guarantees(
        folders=False, atomic_rename=False, consistent_listing=True, exclusive_create=False
    )

    def open(self, path: str) -> BinaryIO:
        try:
            return FileSystems.open(path, compression_type=_PLAIN)
        except Exception as error:
            if FileSystems.exists(path):
                raise
            raise FileNotFoundError(errno.ENOENT, "got no such file", path) from error

    def create(self, path: str, *, exclusive: bool = False) -> BinaryIO:
        if exclusive and FileSystems.exists(path):
            raise FileExistsError(errno.EEXIST, "got a file that exists", path)
        _make_parent(path)
        return FileSystems.create(path, compression_type=_PLAIN)

    def rename(self, source: str, destination: str) -> None:
        _make_parent(destination)
        if FileSystems.exists(destination):
            FileSystems.delete([destination])
        FileSystems.rename([source], [destination])

    def list(self, folder: str, depth: int | None = None) -> list[StoredFile]:
        [found] = FileSystems.match([f"{folder}/**"])
        files = (StoredFile(file.path, file.size_in_bytes) for file in found.metadata_list)
        between = len(folder) + 1
        return sorted(f for f in files if depth is None or f.path.count("/", between) <= depth)

    def size(self, path: str) -> int | None:
        if not FileSystems.exists(path):
            return None
        return int(FileSystems.get_filesystem(path).metadata(path).size_in_bytes)

    def is_folder(self, path: str) -> bool:
        return False

    def delete_tree(self, path: str) -> None:
        # Where there are no folders, the name of one does not exist.
        if below := [file.path for file in self.list(path)]:
            FileSystems.delete(below)
        if FileSystems.exists(path):
            FileSystems.delete([path])


def _make_parent(path: str) -> None:
    """Makes the folder of `path`, where the file system has folders."""
    folder, _ = FileSystems.split(path)
    if not FileSystems.exists(folder):
        try:
            FileSystems.mkdirs(folder)
        except OSError:  # another worker was first
            if not FileSystems.exists(folder):
                raise
