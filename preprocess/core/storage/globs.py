"""Files that match a pattern, on any storage."""

from __future__ import annotations

from preprocess.core.storage.base import StoredFile
from preprocess.core.storage.by_scheme import storage_of

MAGIC = frozenset("*?[")
"""Characters that mean something in a pattern."""


def matching(pattern: str) -> list[StoredFile]:
    """The files that match a pattern, in the order of their paths.

    Args:
      pattern: a path or URI, read as Python's `glob.glob(pattern, recursive=True)` does: `*` is any
        text without a slash, `**` as a whole part any number of folders, `?` one character, and
        `[abc]`, `[a-z]`, `[!abc]` one of some; none but a dot matches the dot of a hidden name.
        The path of a file matches itself, whatever it holds.

    Raises:
      OSError: the storage cannot be read.
    """
    storage = storage_of(pattern)
    if (size := storage.size(pattern)) is not None:
        return [StoredFile(pattern, size)]
    return storage.glob(pattern) if MAGIC & set(pattern) else []
