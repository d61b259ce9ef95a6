"""Files of any storage that are read or written as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import BinaryIO

from preprocess.core.storage.by_scheme import storage_of


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


def replacing(path: str, *, exclusive: bool = False) -> AbstractContextManager[BinaryIO]:
    """Opens a file that takes the place of `path` once the block ends without an error.

    Raises:
      FileExistsError: `exclusive`, and there is one when it ends.
    """
    return storage_of(path).replacing(path, exclusive=exclusive)


def write_file(path: str, chunks: Iterable[bytes]) -> None:
    """Writes a file so that it is seen whole or not at all."""
    with replacing(path) as file:
        for chunk in chunks:
            file.write(chunk)


def delete_tree(path: str) -> None:
    """Deletes a file, or a folder with all it holds; either may be missing."""
    storage_of(path).delete_tree(path)
