"""The messages that docs/troubleshooting.md explains are messages of the product."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from source_tree import ROOT, modules, syntax_tree

TEXT = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
MESSAGES = re.findall(r"^### `(.*)`$", TEXT, re.MULTILINE)


def messages_of(tree: ast.AST) -> Iterator[str]:
    """The strings of a module, with `{}` for what is put into them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.fixture(scope="module")
def said() -> str:
    return "\n".join(text for module in modules() for text in messages_of(syntax_tree(module)))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_one_of_ours(message: str, said: str) -> None:
    assert message in said


def test_there_are_messages_and_a_strange_one_is_seen(said: str) -> None:
    assert len(MESSAGES) > 20
    assert "got a message that nothing gives" not in said
