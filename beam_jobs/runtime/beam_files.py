"""Files on any filesystem that Beam opens."""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterable

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

# Ends the name of a file that is not whole yet.
TEMPORARY = ".tmp"


def write_file(path: str, chunks: Iterable[bytes]) -> None:
    """Writes a file so that it is seen whole or not at all: under another name, then renamed."""
    temporary = f"{path}.{uuid.uuid4().hex}{TEMPORARY}"
    make_parent(path)
    try:
        with FileSystems.create(temporary, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:
        delete_tree(temporary)
        raise
    replace(temporary, path)


def replace(source: str, destination: str) -> None:
    """Renames, over a file that may be there from an earlier attempt."""
    if FileSystems.exists(destination):
        FileSystems.delete([destination])
    FileSystems.rename([source], [destination])


def make_parent(path: str) -> None:
    """Makes the folder of `path`, where the filesystem has folders."""
    folder = posixpath.dirname(path)
    if not FileSystems.exists(folder):
        try:
            FileSystems.mkdirs(folder)
        except OSError:  # another worker was first
            if not FileSystems.exists(folder):
                raise


def read_file(path: str) -> bytes:
    """The bytes of a file, as they are."""
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
        return file.read()


def delete_tree(path: str) -> None:
    """Deletes a file or folder that may be missing."""
    if FileSystems.exists(path):
        FileSystems.delete([path])
