"""Local files and folders that are never left half-written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Opens a file that takes the place of `path` when the block ends without an error.

    A reader sees the old file or the new one; the bytes are on the disk before the name is.
    """
    temporary = temporary_of(path)
    with temporary.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_atomically(path: Path, text: str) -> None:
    """Writes a UTF-8 file; a reader sees the old one or the new one."""
    with replacing(path) as file:
        file.write(text.encode("utf-8"))


def temporary_of(path: Path) -> Path:
    """The name beside `path` that a file has until it is whole."""
    return path.with_name(f".{path.name}.tmp")
