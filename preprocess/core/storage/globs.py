"""Files that match a pattern, on any storage."""

from __future__ import annotations

import re

from preprocess.core.storage.base import StoredFile
from preprocess.core.storage.by_scheme import storage_of

MAGIC = frozenset("*?[")
"""Characters that mean something in a pattern."""

_PART = re.compile(r"\*\*|[*?]|\[(!?)(\]?[^\]]*)\]|.", re.DOTALL)
_MEANINGS = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


def matching(pattern: str) -> list[StoredFile]:
    """The files that match a pattern, in the order of their paths.

    Args:
      pattern: a path or URI in which `*` is any text without a slash, `**` any text, `?` one
        character, and `[abc]`, `[a-z]`, `[!abc]` one of some. A literal path matches itself.

    Raises:
      OSError: the storage cannot be read.
      ValueError: brackets that hold no range, such as `[z-a]`.
    """
    storage = storage_of(pattern)
    if (size := storage.size(pattern)) is not None:
        return [StoredFile(pattern, size)]
    literal = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    folder = literal[: literal.rfind("/") + 1]
    depth = None if "**" in pattern else pattern.count("/", len(folder))
    expression = _compiled(pattern)
    files = storage.list(folder.rstrip("/") or folder, depth) if literal != pattern else []
    return [file for file in files if expression.fullmatch(file.path)]


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile("".join(map(_translated, _PART.finditer(pattern))), re.DOTALL)
    except re.error as error:
        raise ValueError(f"got a pattern that cannot be read ({error})") from error


def _translated(part: re.Match[str]) -> str:
    if part[2] is not None:
        members = re.sub(r"([\\\[\]^&~|])", r"\\\1", part[2])
        return f"[{'^' if part[1] else ''}{members}]"
    return _MEANINGS.get(part[0], re.escape(part[0]))
