"""Mistakes that need no data are answered before anything heavy is imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from processes import run_python
from quick_mistakes import MISTAKES, written

pytestmark = pytest.mark.slow

RUN = """
import sys
from preprocess.cli import main
try:
    main(sys.argv[1:])
finally:
    heavy = {"apache_beam", "keras", "pandas", "tensorflow", "tensorflow_transform"}
    print("HEAVY", sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("quick"))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_at_once(name: str, folder: Path) -> None:
    arguments, answer = MISTAKES[name]
    ended = run_python("-c", RUN, *arguments, cwd=folder, check=False)
    assert ended.returncode == 2
    assert answer in ended.stderr
    assert ended.stderr.startswith("text2seq: error: ")
    assert ended.stderr.endswith("HEAVY []\n")
