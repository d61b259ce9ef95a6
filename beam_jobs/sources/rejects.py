"""Rows that cannot be used, and the books of what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_LONGEST = 100


@dataclass(frozen=True)
class Reject:
    """A row that was left out.

    Attributes:
      source: path of the file.
      row: place in the file, from 0: number of the row, or offset of its first byte.
      unit: "row" or "byte", what `row` counts.
      reason: what was got and what was expected.
    """

    source: str
    row: int
    unit: str
    reason: str


@dataclass(frozen=True)
class Count:
    """Books of one file, or of a part of it: `read` = the sum of `emitted` + `rejected`.

    Attributes:
      source: index of the file.
      read: rows found.
      rejected: rows left out.
      emitted: rows in batches, by index of the split.
      spans: start and stop of the input splits that were read.
      end: where the last input split of the file stops.
    """

    source: int
    read: int = 0
    rejected: int = 0
    emitted: dict[int, int] = field(default_factory=dict)
    spans: tuple[tuple[int, int], ...] = ()
    end: int = 0

    def __add__(self, other: Count) -> Count:
        """Books of two parts of one file."""
        emitted = Counter(self.emitted) + Counter(other.emitted)
        return Count(
            self.source,
            self.read + other.read,
            self.rejected + other.rejected,
            dict(emitted),
            self.spans + other.spans,
            max(self.end, other.end),
        )

    @property
    def is_whole(self) -> bool:
        """Whether the input splits that were read are the whole file, each of it once."""
        at = 0
        for start, stop in sorted(self.spans):
            if start != at:
                return False
            at = stop
        return at == self.end and bool(self.spans)


def total(counts: Iterable[Count]) -> dict[int, Count]:
    """Books by index of the file; files without rows have none."""
    books: dict[int, Count] = {}
    for count in counts:
        books[count.source] = books[count.source] + count if count.source in books else count
    return books


def shown(value: object) -> str:
    """A raw value as a message shows it, cut to a readable length."""
    if value is None:
        return "nothing (missing or null)"
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            return f"bytes that are not UTF-8, {_cut(repr(value)[1:])}"
    try:
        has_repr = isinstance(value, str | list | dict | float | int)
        return _cut(repr(value) if has_repr else str(value))
    except RecursionError:
        return "a value that is nested too deeply"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
