"""Refuses YAML that is small as text but endless as data: what aliases repeat, and what nests.

Only events are read, before anything is built of them, so that no input takes longer than its
size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from preprocess.core.errors import SpecError

MAX_BYTES = 1 << 19
MAX_DEPTH = 64
MAX_NODES = 25_000
"""Nodes of a file, those that aliases repeat counted again."""


@dataclass
class _Size:
    """Nodes and depth of a value, all that it holds counted; the anchor is its name, if any."""

    anchor: str | None = None
    nodes: int = 1
    depth: int = 0

    def add(self, below: _Size) -> None:
        self.nodes += below.nodes
        self.depth = max(self.depth, below.depth + 1)


@dataclass
class _Sizes:
    """Adds up the sizes of nested values as their events come."""

    open: list[_Size] = field(default_factory=list)
    anchored: dict[str, _Size] = field(default_factory=dict)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append(_Size(event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(self.open.pop())
        elif isinstance(event, yaml.ScalarEvent):
            self._close(_Size(event.anchor))
        elif isinstance(event, yaml.AliasEvent):
            self._close(self._meant(event.anchor))
        if len(self.open) > MAX_DEPTH:
            raise _too_deep()

    def _close(self, size: _Size) -> None:
        if size.anchor is not None:
            self.anchored[size.anchor] = size
        if self.open:
            self.open[-1].add(size)
            self._check(self.open[-1])

    def _check(self, size: _Size) -> None:
        if size.nodes > MAX_NODES:
            raise SpecError(
                f"got more than {MAX_NODES:,} values, those that aliases repeat counted again, "
                "expected fewer; shorten the file"
            )
        if size.depth + len(self.open) > MAX_DEPTH:
            raise _too_deep()

    def _meant(self, name: str | None) -> _Size:
        if any(size.anchor == name for size in self.open):
            raise SpecError(
                f"got the alias *{name} within what it stands for, expected one of a value that "
                "is complete; write the value out"
            )
        # An unknown one is reported when it is composed.
        meant = self.anchored.get(name or "", _Size())
        return _Size(None, meant.nodes, meant.depth)


def check_yaml(text: str) -> None:
    """Checks size, depth and what aliases make of YAML.

    Raises:
      SpecError: they are beyond what a file written by hand has; the line is named.
      YAMLError: it is no YAML.
    """
    if len(text) > MAX_BYTES:
        raise too_long()
    try:
        _check_events(yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, UnicodeEncodeError):  # whose message differs from that of pyyaml itself
        _check_events(yaml.parse(text, yaml.SafeLoader))


def too_long() -> SpecError:
    """The error for more text than anybody writes."""
    return SpecError(f"got a file of more than {MAX_BYTES:,} bytes, expected fewer; shorten it")


def _check_events(events: Iterator[yaml.Event]) -> None:
    sizes = _Sizes()
    for event in events:
        try:
            sizes.take(event)
        except SpecError as error:
            mark = event.start_mark
            raise SpecError(f"line {mark.line + 1}: {error}" if mark else str(error)) from None


def _too_deep() -> SpecError:
    return SpecError(
        f"got values nested more than {MAX_DEPTH} deep, expected fewer levels; "
        "check brackets and indents"
    )
