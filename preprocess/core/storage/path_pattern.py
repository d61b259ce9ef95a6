"""Patterns of paths, as Python's `glob.glob(pattern, recursive=True)` reads them."""

from __future__ import annotations

import fnmatch
import glob
from dataclasses import dataclass

_FOLDERS = "**"
_HIDDEN = "."


@dataclass(frozen=True)
class PathPattern:
    """What a pattern asks of each part of a path.

    Attributes:
      folder: the literal beginning; whatever matches lies below it.
      parts: what the parts below it match; `**` is any number of folders.
    """

    folder: str
    parts: tuple[str, ...]

    @classmethod
    def of(cls, pattern: str) -> PathPattern:
        """The pattern that a text such as `gs://bucket/**/part-*.csv` is."""
        parts = pattern.split("/")
        literal = next((n for n, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
        files = ["*"] if parts[-1] == _FOLDERS else []
        return cls("/".join(parts[:literal]), (*parts[literal:], *files))

    @property
    def depth(self) -> int | None:
        """How many folders lie between `folder` and a file at most; None: any number."""
        return None if _FOLDERS in self.parts else len(self.parts) - 1

    def matches(self, path: str) -> bool:
        """Whether a path that begins with `folder` fits."""
        names = path.split("/")[self.folder.count("/") + 1 :] if self.folder else path.split("/")
        return _fit(self.parts, tuple(names))


def _fit(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    if not (parts and names):
        return not parts and not names
    if parts[0] == _FOLDERS:
        return _fit(parts[1:], names) or (not _is_hidden(names[0]) and _fit(parts, names[1:]))
    return _fits(parts[0], names[0]) and _fit(parts[1:], names[1:])


def _fits(part: str, name: str) -> bool:
    if not glob.has_magic(part):
        return part == name
    return _is_hidden(part) >= _is_hidden(name) and fnmatch.fnmatchcase(name, part)


def _is_hidden(name: str) -> bool:
    return name.startswith(_HIDDEN)
