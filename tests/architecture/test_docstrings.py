"""Public docstrings begin with a summary that reads without its neighbours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from source_tree import modules, syntax_tree

SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):")
LEANING = re.compile(r"(Of|The same|Such as|See|As|Both|All of it|Likewise|And|Also)\b")
# Words of a private style, in place of: reported, described, resumes, callers.
PLAIN = re.compile(r"\b(told|said|tells|whoever|goes on|going on)\b", re.IGNORECASE)


def _docstrings() -> Iterator[tuple[str, str]]:
    """Where a public docstring stands, and the docstring: of functions, classes and attributes."""
    for module in modules():
        for node in ast.walk(syntax_tree(module)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and _is_public(node.name):
                yield f"{module}.{node.name}", ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef | ast.Module):
                yield from ((f"{module}: {name}", text) for name, text in _attributes(node))


def _is_public(name: str) -> bool:
    return name == "__init__" or not name.startswith("_")


def _attributes(node: ast.ClassDef | ast.Module) -> Iterator[tuple[str, str]]:
    for before, after in zip(node.body, node.body[1:], strict=False):
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if isinstance(before, ast.Assign | ast.AnnAssign) and is_text:
            yield ast.unparse(before).partition("=")[0], str(after.value.value)


def test_a_docstring_begins_with_a_summary():
    assert [where for where, text in _docstrings() if SECTION.match(text)] == []


def test_a_docstring_reads_without_its_neighbours():
    assert [f"{where}: {text}" for where, text in _docstrings() if LEANING.match(text)] == []


def test_docstrings_speak_plainly():
    assert [f"{where}: {text}" for where, text in _docstrings() if PLAIN.search(text)] == []


def test_there_are_docstrings_to_read():
    found = dict(_docstrings())
    assert found["preprocess.graph.sequences.sequence_lengths"].startswith("The lengths of what")
    assert len(found) > 500
