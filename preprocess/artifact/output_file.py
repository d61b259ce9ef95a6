"""A file that a manifest lists, and how one is described."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from preprocess.core.declared import Count, Declared
from preprocess.core.problem import problem
from preprocess.core.storage import storage_of

TAIL_BYTES = 8
"""A gzip file ends with checksum and size of what it holds, another with a record's checksum."""

_BLOCK = 1 << 20
_SHA256_BYTES = 32


class OutputFile(Declared):
    """A file of an artifact or a model."""

    path: str
    """Path relative to the folder of the manifest."""
    bytes: Count
    sha256: str
    records: Count | None = None
    sha256_records: str | None = None
    """SHA-256 of the TFRecord stream before compression."""
    tail: str | None = None
    """Last 8 bytes of a record file, in hex: they tell files of one size apart, unread."""

    @model_validator(mode="after")
    def _leads_nowhere_else(self) -> OutputFile:
        if "\0" in self.path or not {"", ".", ".."}.isdisjoint(self.path.split("/")):
            raise _odd("path", self.path, "a path below the folder, without . or ..")
        return self

    @model_validator(mode="after")
    def _digests_are_hex(self) -> OutputFile:
        digests = {"sha256": self.sha256, "sha256_records": self.sha256_records}
        for name, digest in digests.items():
            _check_hex(name, digest, _SHA256_BYTES)
        _check_hex("tail", self.tail, min(self.bytes, TAIL_BYTES))
        return self


def _check_hex(name: str, text: str | None, size: int) -> None:
    if text is not None and not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text):
        raise _odd(name, text, f"{2 * size} hexadecimal digits")


def _odd(name: str, got: str, expected: str) -> PydanticCustomError:
    return problem(f"got {got!r:.80}", expected, "list the file again", at=name)


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
