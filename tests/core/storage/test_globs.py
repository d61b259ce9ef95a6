"""Patterns, compared with Beam's own matching, and where the two part."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from apache_beam.io.filesystems import FileSystems
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from preprocess.core.storage import matching

NAMES = ["a.txt", "b.txt", "ab.csv", "a/b.txt", "a/c/b.txt", "a/c/.x", "z-9", "[1]", "a b", "ü.txt"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def _found(tree: Path, pattern: str) -> list[str]:
    return [os.path.relpath(file.path, tree) for file in matching(f"{tree}/{pattern}")]


# Beam's `?` and `[!a]` match a slash as well, and a slash at its end means all below a folder.
PARTS = st.sampled_from(["*", "**", "[ab]", "[a-c]", "a", "b", ".txt", "/", "c", "ü"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(PARTS, max_size=4), first=PARTS, last=PARTS)
def test_patterns_match_as_beams(tree: Path, parts: list[str], first: str, last: str) -> None:
    pattern = "".join([first, *parts, last]).lstrip("/")
    assume(re.search(r"[*\[]", pattern) and not pattern.endswith("/"))
    [result] = FileSystems.match([f"{tree}/{pattern}"])
    theirs = sorted(os.path.relpath(file.path, tree) for file in result.metadata_list)
    assert _found(tree, pattern) == theirs


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt", "ü.txt"]),
        ("**.txt", ["a.txt", "a/b.txt", "a/c/b.txt", "b.txt", "ü.txt"]),
        ("a/*.txt", ["a/b.txt"]),
        ("a/**", ["a/b.txt", "a/c/.x", "a/c/b.txt"]),
        ("*/*/*", ["a/c/.x", "a/c/b.txt"]),
        ("?.txt", ["a.txt", "b.txt", "ü.txt"]),
        ("[!a].txt", ["b.txt", "ü.txt"]),
        ("[]a].txt", ["a.txt"]),
        ("a?b", ["a b"]),
        ("[1]", ["[1]"]),  # a literal path matches itself
        ("[[]1]", ["[1]"]),
        ("none*", []),
        ("a", []),
        ("[", []),
    ],
)
def test_patterns(tree: Path, pattern: str, expected: list[str]) -> None:
    assert _found(tree, pattern) == expected


def test_a_pattern_of_the_working_directory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert [file.path for file in matching("*.csv")] == ["ab.csv"]
    assert [file.path for file in matching("a/*.txt")] == ["a/b.txt"]


def test_a_range_that_is_none() -> None:
    with pytest.raises(ValueError, match="a pattern that cannot be read"):
        matching("/[z-a]")


def test_folders_that_cannot_match_are_not_read(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: read.append(str(path)) or scandir(path))
    assert _found(tree, "*.csv") == ["ab.csv"]
    assert read == [str(tree)]
