"""Tests stand where what they test stands, and no clock decides about a verdict."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_tree import PACKAGES, ROOT

TESTS = ROOT / "tests"
# Folders of tests that belong to no one package.
COMMON = {"architecture", "docs", "end_to_end", "guarantees", "support"}


@functools.cache
def trees() -> dict[str, ast.Module]:
    """The syntax tree of every file of the tests, by its path below the repository."""
    paths = sorted(TESTS.rglob("*.py"))
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text(encoding="utf-8")) for p in paths}


def clocks(tree: ast.AST) -> Iterator[str]:
    """What in a test depends on time: a clock, or a limit other than the one that all share."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and "time" in _imported(node):
            yield ast.unparse(node)
        if isinstance(node, ast.Call):
            yield from (ast.unparse(limit) for limit in _limits(node) if _name(limit) != "LIMIT")


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {node.module or ""} if isinstance(node, ast.ImportFrom) else {a.name for a in node.names}


def _limits(call: ast.Call) -> Iterator[ast.expr]:
    """The seconds that a call waits at most."""
    yield from (keyword.value for keyword in call.keywords if keyword.arg == "timeout")
    if isinstance(call.func, ast.Attribute) and call.func.attr == "wait":
        yield from call.args


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def test_no_verdict_depends_on_time() -> None:
    assert [f"{path}: {found}" for path, tree in trees().items() for found in clocks(tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import time",
        "from time import sleep",
        "run(command, timeout=60)",
        "run(command, timeout=2 * LIMIT)",
        "event.wait(5)",
        "with thread: process.wait(timeout=None)",
    ],
)
def test_a_clock_is_seen(code: str) -> None:
    assert len(list(clocks(ast.parse(code)))) == 1


def test_one_profile_has_the_deadline() -> None:
    setting = [
        path
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "deadline"
    ]
    assert setting == ["tests/conftest.py"]


def test_one_helper_starts_processes() -> None:
    starting = [
        path
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and "subprocess" in _imported(node)
    ]
    assert starting == ["tests/support/processes.py"]


def test_folders_of_tests_mirror_the_packages() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    homeless = [str(f) for f in folders if f.parts[0] not in COMMON and not _package(f).is_dir()]
    assert homeless == []


def _package(folder: Path) -> Path:
    """Where the product has what the tests of `folder` test."""
    return ROOT / folder if folder.parts[0] in PACKAGES else ROOT / PACKAGES[0] / folder
