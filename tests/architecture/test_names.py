"""Names that say one thing each, and floors that can be read at a glance."""

from __future__ import annotations

import ast
from collections import Counter

from source_tree import ROOT, modules, syntax_tree

# The names of files that mean the same wherever they stand.
SHARED = {"__init__.py", "__main__.py", "base.py"}
# Private words of old.
GONE = {"judge", "deal", "pieces", "measured", "found", "launch", "compiled", "folder", "choice"}
MOST_LINES = 330
MOST_ENTRIES = 24


def test_a_file_name_has_one_meaning():
    counts = Counter(path.name for path in modules().values())
    assert [name for name, n in counts.items() if n > 1 and name not in SHARED] == []


def test_no_file_bears_a_private_word():
    assert [str(path) for path in modules().values() if path.stem in GONE] == []


def test_a_class_name_is_one_class():
    names = Counter(
        node.name
        for module in modules()
        for node in ast.walk(syntax_tree(module))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, n in names.items() if n > 1] == []


def test_the_floor_of_a_package_is_small():
    entries = {
        path: len({p.name for p in path.iterdir()} - {"__pycache__"})
        for path in {path.parent for path in modules().values()}
    }
    assert {str(path): n for path, n in entries.items() if n > MOST_ENTRIES} == {}
    assert entries[ROOT / "preprocess"] <= MOST_ENTRIES


def test_files_are_short():
    lengths = {str(path): len(path.read_text().splitlines()) for path in modules().values()}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES} == {}
