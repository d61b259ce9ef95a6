"""Small files of an artifact, on disk or wherever pyarrow's filesystems reach."""

from __future__ import annotations

import os

from pyarrow import fs


def read_text(path: str) -> str:
    """The text of a UTF-8 file.

    Args:
      path: a local path, or a URI such as `gs://bucket/name`.

    Raises:
      FileNotFoundError: there is none.
    """
    return read_bytes(path).decode("utf-8")


def read_bytes(path: str) -> bytes:
    """The bytes of a file; arguments and errors as of `read_text`."""
    filesystem, name = _resolve(path)
    with filesystem.open_input_stream(name, compression=None) as file:
        return file.read()


def size(path: str) -> int | None:
    """Bytes of a file; None if there is none."""
    filesystem, name = _resolve(path)
    info = filesystem.get_file_info(name)
    return info.size if info.type == fs.FileType.File else None


def exists(path: str) -> bool:
    """Whether there is a file of this name."""
    return size(path) is not None


def starting_at(folder: str, path: str) -> str:
    """`path`, relative to `folder` unless it is absolute or a URI."""
    return path if _is_uri(path) else os.path.join(folder, path)


def _resolve(path: str) -> tuple[fs.FileSystem, str]:
    if _is_uri(path):
        return fs.FileSystem.from_uri(path)
    return fs.LocalFileSystem(), path


def _is_uri(path: str) -> bool:
    return "://" in path
