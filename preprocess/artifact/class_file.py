"""`vocabulary/LABEL.classes.txt`: the classes of a label, a line each, by index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from preprocess.core.escaping import escape, unescape


def class_lines(classes: Iterable[tuple[str, int]]) -> Iterator[str]:
    """The lines of the file: escaped class, tab, and its count in the train split."""
    return (f"{escape(name)}\t{count}\n" for name, count in classes)


def parse_classes(text: str) -> list[str]:
    """The classes of the file, by index."""
    return [unescape(line.split("\t")[0]) for line in text.split("\n")[:-1]]
