"""Small files of an artifact, on disk or wherever pyarrow's filesystems reach."""

from __future__ import annotations

from pyarrow import fs


def read_text(path: str) -> str:
    """The text of a UTF-8 file.

    Args:
      path: a local path, or a URI such as `gs://bucket/name`.

    Raises:
      FileNotFoundError: there is none.
    """
    filesystem, name = _resolve(path)
    with filesystem.open_input_stream(name, compression=None) as file:
        return file.read().decode("utf-8")


def size(path: str) -> int | None:
    """Bytes of a file; None if there is none."""
    filesystem, name = _resolve(path)
    info = filesystem.get_file_info(name)
    return info.size if info.type == fs.FileType.File else None


def exists(path: str) -> bool:
    """Whether there is a file of this name."""
    return size(path) is not None


def _resolve(path: str) -> tuple[fs.FileSystem, str]:
    if "://" in path:
        return fs.FileSystem.from_uri(path)
    return fs.LocalFileSystem(), path
