"""What a build counted: `statistics.json`, and the rejected rows by reason."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from preprocess.artifact.layout import REJECTED, Layout
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.text_part import parse_object, read_text_part

_COMMAND = "text2seq build"

Statistics = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """Why rows were rejected, how many, and where the first of them stands."""

    text: str
    rows: int
    example: Mapping[str, Any]
    """A line of `rejected/`: source, row (a number, or the byte where it begins) and reason."""


def read_statistics(layout: Layout) -> Statistics:
    """`statistics.json`: counts by split.

    Raises:
      ArtifactError: the file is missing or damaged.
    """
    text = read_text_part(layout.statistics, _COMMAND)
    return parse_object(text, layout.statistics, _COMMAND)


def rejected_reasons(manifest: Manifest, layout: Layout) -> list[Reason]:
    """The reasons of `rejected/`, the most frequent first.

    Raises:
      ArtifactError: a file is missing or damaged.
    """
    reasons: dict[str, Reason] = {}
    for line in _rejected(manifest, layout):
        text = str(line["reason"])
        known = reasons.get(text, Reason(text, 0, line))
        reasons[text] = Reason(text, known.rows + 1, known.example)
    return sorted(reasons.values(), key=lambda reason: -reason.rows)


def quantiles(histogram: Mapping[str, int], fractions: Iterable[float]) -> list[int]:
    """The least lengths that hold these fractions of the records; 0 where there are none."""
    lengths = sorted(int(length) for length in histogram)
    held = list(accumulate(histogram[str(length)] for length in lengths))
    if not held:
        return [0 for _ in fractions]
    return [lengths[bisect_left(held, fraction * held[-1])] for fraction in fractions]


def _rejected(manifest: Manifest, layout: Layout) -> Iterator[dict[str, Any]]:
    for file in manifest.files_in(REJECTED):
        if file.records:
            path = layout.path(file.path)
            lines = read_text_part(path, _COMMAND).split("\n")
            yield from (parse_object(line, path, _COMMAND) for line in lines if line)
