"""The rejected rows of an artifact, by reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from preprocess.artifact.text_part import parse_object
from preprocess.core.errors import ArtifactError

_COMMAND = "text2seq build"


@dataclass(frozen=True)
class Reason:
    """Why rows were rejected, how many, and where the first of them stands."""

    text: str
    rows: int
    example: Mapping[str, Any]
    """A line of `rejected/`: source, row (a number, or the byte where it begins) and reason."""


def parse_reasons(texts: Iterable[tuple[str, str]]) -> list[Reason]:
    """The reasons in files of `rejected/`, the most frequent first.

    Args:
      texts: path and text of each.

    Raises:
      ArtifactError: a line is not what a build writes.
    """
    reasons: dict[str, Reason] = {}
    for path, content in texts:
        for line in filter(None, content.split("\n")):
            example = parse_object(line, path, _COMMAND)
            text = _reason(example, path)
            known = reasons.get(text, Reason(text, 0, example))
            reasons[text] = Reason(text, known.rows + 1, known.example)
    return sorted(reasons.values(), key=lambda reason: -reason.rows)


def _reason(example: Mapping[str, Any], path: str) -> str:
    lacking = [key for key in ("source", "row", "reason") if key not in example]
    if lacking:
        raise ArtifactError(
            f"{path}: got a line without {lacking[0]!r}, expected source, row and reason; "
            f"run `{_COMMAND}` again"
        )
    return str(example["reason"])
