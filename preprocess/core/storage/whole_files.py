"""Files of any storage that are read or written as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from preprocess.core.storage.by_scheme import storage_of

TEMPORARY = ".tmp"
"""Ends the name of a file that is not whole yet."""


def read_bytes(path: str) -> bytes:
    """The bytes of a file.

    Args:
      path: a local path, or a URI such as `gs://bucket/name`.

    Raises:
      FileNotFoundError: there is none.
    """
    return storage_of(path).read(path)


def read_text(path: str) -> str:
    """The text of a UTF-8 file, a local path or a URI.

    Raises:
      FileNotFoundError: there is none.
      UnicodeDecodeError: it is not UTF-8.
    """
    return read_bytes(path).decode("utf-8")


def write_file(path: str, chunks: Iterable[bytes]) -> None:
    """Writes a file so that it is seen whole or not at all: under another name, then renamed."""
    storage, temporary = storage_of(path), f"{path}.{uuid.uuid4().hex}{TEMPORARY}"
    try:
        with storage.create(temporary) as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:
        storage.delete_tree(temporary)
        raise
    storage.rename(temporary, path)


def delete_tree(path: str) -> None:
    """Deletes a file, or a folder with all it holds; either may be missing."""
    storage_of(path).delete_tree(path)
