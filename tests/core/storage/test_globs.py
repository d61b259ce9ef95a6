"""Patterns, compared with Python's own glob on the same tree, on a local disk and elsewhere."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from preprocess.core.storage import Guarantees, Storage, StoredFile, matching
from preprocess.core.storage.local_storage import LocalStorage

NAMES = ["a.txt", "b.txt", "ab.csv", "a/b.txt", "a/c/b.txt", "a/c/.x", "z-9", "[1]", "a b", "ü.txt"]


class Names(Storage):
    """A storage without folders, of which there are the names alone."""

    guarantees = Guarantees(
        folders=False, atomic_rename=False, consistent_listing=True, exclusive_create=False
    )

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths

    def open(self, path: str) -> BinaryIO:
        raise NotImplementedError

    def create(self, path: str, *, exclusive: bool = False) -> BinaryIO:
        raise NotImplementedError

    def rename(self, source: str, destination: str) -> None:
        raise NotImplementedError

    def list(self, folder: str, depth: int | None = None) -> list[StoredFile]:
        below = (path for path in self.paths if path.startswith(f"{folder}/"))
        between = len(folder) + 1
        return [
            StoredFile(path, len(path))
            for path in below
            if depth is None or path.count("/", between) <= depth
        ]

    def size(self, path: str) -> int | None:
        return len(path) if path in self.paths else None

    def is_folder(self, path: str) -> bool:
        return False

    def delete_tree(self, path: str) -> None:
        raise NotImplementedError


def _plant(folder: Path, names: list[str]) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _plant(tmp_path_factory.mktemp("tree"), NAMES)


def _found(tree: Path, pattern: str) -> list[str]:
    return [os.path.relpath(file.path, tree) for file in matching(f"{tree}/{pattern}")]


LETTERS = st.sampled_from(["a", "b", ".", "-", "!", "]", "ü"])
NAME = st.text(LETTERS, min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAME, min_size=1, max_size=3).map("/".join)
MAGIC_LETTERS = st.sampled_from(["*", "**", "?", "[ab]", "[!a]", "[]a]", "[a-c]", "[", "[b-a]"])
PART = st.just("**") | st.lists(LETTERS | MAGIC_LETTERS, min_size=1, max_size=3).map("".join)
PATTERNS = st.lists(PART, min_size=1, max_size=4).filter(lambda p: not {".", ".."} & {*p})


def _is_tree(names: list[str]) -> bool:
    """Whether no file is a folder of another."""
    return not any(a != b and b.startswith(f"{a}/") for a in names for b in names)


@given(st.lists(PATHS, max_size=8, unique=True).filter(_is_tree), PATTERNS.map("/".join))
def test_every_storage_matches_as_python_does(names: list[str], pattern: str) -> None:
    assume(pattern not in names)
    with TemporaryDirectory() as folder:
        _plant(Path(folder), names)
        theirs = glob.glob(f"{folder}/{pattern}", recursive=True)
        files = sorted({path[len(folder) + 1 :] for path in theirs if os.path.isfile(path)})
        local = matching(f"{folder}/{pattern}")
    elsewhere = Names([f"x://y/{name}" for name in names]).glob(f"x://y/{pattern}")
    assert [file.path[len(folder) + 1 :] for file in local] == files
    assert [file.path[len("x://y/") :] for file in elsewhere] == files


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt", "ü.txt"]),
        ("**/*.txt", ["a.txt", "a/b.txt", "a/c/b.txt", "b.txt", "ü.txt"]),
        ("**.txt", ["a.txt", "b.txt", "ü.txt"]),
        ("a/**/b.txt", ["a/b.txt", "a/c/b.txt"]),
        ("a/*.txt", ["a/b.txt"]),
        ("a/**", ["a/b.txt", "a/c/b.txt"]),
        ("**/**/c/**/.x", ["a/c/.x"]),
        ("*/*/*", ["a/c/b.txt"]),
        ("*/*/.*", ["a/c/.x"]),
        ("?.txt", ["a.txt", "b.txt", "ü.txt"]),
        ("[!a].txt", ["b.txt", "ü.txt"]),
        ("[]a].txt", ["a.txt"]),
        ("a?b", ["a b"]),
        ("[1]", ["[1]"]),  # a literal path matches itself
        ("[[]1]", ["[1]"]),
        ("[z-a]", []),
        ("none*", []),
        ("*/", []),
        ("a", []),
        ("[", []),
    ],
)
def test_patterns(tree: Path, pattern: str, expected: list[str]) -> None:
    assert _found(tree, pattern) == expected
    elsewhere = Names([f"x://y/{name}" for name in NAMES])
    if pattern != "[1]":
        found = elsewhere.glob(f"x://y/{pattern}")
        assert [file.path.removeprefix("x://y/") for file in found] == expected


BARE = {
    "*.csv": ["ab.csv"],
    "a/*.txt": ["a/b.txt"],
    "a*/b.txt": ["a/b.txt"],
    "**/b.txt": ["a/b.txt", "a/c/b.txt", "b.txt"],
    "./*.csv": ["./ab.csv"],
    "a/../*.csv": ["a/../ab.csv"],
}


@pytest.mark.parametrize("pattern", BARE)
def test_a_pattern_of_the_working_directory(
    tree: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.chdir(tree)
    assert [file.path for file in matching(pattern)] == BARE[pattern]


def test_a_pattern_of_a_uri(tree: Path) -> None:
    uri = f"file://{tree}"
    assert matching(f"{uri}/*.csv") == [StoredFile(f"{uri}/ab.csv", len("ab.csv"))]
    assert LocalStorage().glob(f"{uri}/a/**")[0].path == f"{uri}/a/b.txt"


def test_links_to_folders_are_followed(tmp_path: Path) -> None:
    _plant(tmp_path, ["real/b/c.txt"])
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert _found(tmp_path, "**/c.txt") == ["link/b/c.txt", "real/b/c.txt"]
    assert _found(tmp_path, "*/b/*") == ["link/b/c.txt", "real/b/c.txt"]


def test_folders_that_cannot_match_are_not_read(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: read.append(str(path)) or scandir(path))
    assert _found(tree, "*.csv") == ["ab.csv"]
    assert [path.rstrip("/") for path in read] == [str(tree)]
