"""The fenced blocks of README.md and docs/, as they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from source_tree import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

RUN = {"sh", "python"}
SHOWN = {"text", "yaml", "json", "html"}
# What only a model file declares; a spec may have the others.
_OF_MODEL_FILES = {"text", "dense", "dropout", "heads", "training"}

_NOT_RUN = re.compile(r"<!-- not run: (.*) -->")
_FENCE = re.compile(r"( *)```(.*)")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
      where: document and line of the fence, such as `README.md:12`.
      language: what stands behind the fence.
      code: the lines between the fences.
      not_run: why it cannot run here; None: it runs.
    """

    where: str
    language: str
    code: str
    not_run: str | None

    @property
    def is_run(self) -> bool:
        """Whether the tests run it."""
        return self.language in RUN and self.not_run is None

    @property
    def declared(self) -> str | None:
        """`spec` or `model file`, if it is one of these or a part of one."""
        if self.language != "yaml":
            return None
        keys = set(yaml.safe_load(self.code))
        return "model file" if keys & _OF_MODEL_FILES else "spec"


def blocks_of(document: Path) -> list[Block]:
    """The blocks of a document, in their order."""
    return list(_blocks(document.name, document.read_text(encoding="utf-8").splitlines()))


def _blocks(name: str, lines: list[str]) -> Iterator[Block]:
    reason, at = None, 0
    while at < len(lines):
        line, start = lines[at], at + 1
        at += 1
        if mark := _NOT_RUN.fullmatch(line.strip()):
            reason = mark[1]
        elif fence := _FENCE.fullmatch(line):
            indent, language = fence.groups()
            while lines[at] != f"{indent}```":
                at += 1
            code = "\n".join(within.removeprefix(indent) for within in lines[start:at])
            yield Block(f"{name}:{start}", language, f"{code}\n", reason)
            at, reason = at + 1, None
        elif line.strip():
            reason = None


BLOCKS = [block for document in DOCUMENTS for block in blocks_of(document)]
