"""A file that a manifest lists, and how one is described."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from preprocess.core.declared import Declared
from preprocess.core.storage import storage_of

TAIL_BYTES = 8
"""A gzip file ends with checksum and size of what it holds, another with a record's checksum."""

_BLOCK = 1 << 20


class OutputFile(Declared):
    """A file of an artifact or a model."""

    path: str
    """Path relative to the folder of the manifest."""
    bytes: int
    sha256: str
    records: int | None = None
    sha256_records: str | None = None
    """SHA-256 of the TFRecord stream before compression."""
    tail: str | None = None
    """Last 8 bytes of a record file, in hex: they tell files of one size apart, unread."""


def described(path: str, relative: str) -> OutputFile:
    """The entry of a file that is listed as `relative`.

    Raises:
      OSError: it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with storage_of(path).open(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return OutputFile(path=relative, bytes=size, sha256=digest.hexdigest())


def described_below(root: str, members: Iterable[str]) -> list[OutputFile]:
    """The entries of files, and of all files in folders, in the order of their paths.

    Args:
      root: the folder of the manifest.
      members: paths of files and folders below it; those that are missing have no entry.
    """
    paths = {path for member in members for path in _files(member)}
    return [described(path, path.removeprefix(f"{root}/")) for path in sorted(paths)]


def _files(member: str) -> list[str]:
    storage = storage_of(member)
    if storage.exists(member):
        return [member]
    return [file.path for file in storage.list(member)]
