"""The rejected rows of an artifact, by reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from preprocess.artifact.text_part import parse_object, read_text_part

_COMMAND = "text2seq build"


@dataclass(frozen=True)
class Reason:
    """Why rows were rejected, how many, and where the first of them stands."""

    text: str
    rows: int
    example: Mapping[str, Any]
    """A line of `rejected/`: source, row (a number, or the byte where it begins) and reason."""


def read_reasons(paths: Iterable[str]) -> list[Reason]:
    """The reasons in files of `rejected/`, the most frequent first.

    Raises:
      ArtifactError: a file is missing or damaged.
    """
    reasons: dict[str, Reason] = {}
    for path in paths:
        for line in filter(None, read_text_part(path, _COMMAND).split("\n")):
            example = parse_object(line, path, _COMMAND)
            text = str(example["reason"])
            known = reasons.get(text, Reason(text, 0, example))
            reasons[text] = Reason(text, known.rows + 1, known.example)
    return sorted(reasons.values(), key=lambda reason: -reason.rows)
