"""Commands in processes whose standard output is not UTF-8."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from processes import Ended, run_python
from small_artifact import FULL, SmallArtifact
from small_model import SmallModel
from vouching import edit_manifest

pytestmark = pytest.mark.slow

CLASSES = ["芸術 [a  b]", "Fußball ★"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact with classes of many scripts, and a model of it."""
    folder = tmp_path_factory.mktemp("encodings")
    artifact = SmallArtifact({"train": [1, 3], "test": [2, 1]}, declared=FULL)
    path = artifact.write(folder / "日本")
    edit_manifest(path, lambda manifest: manifest["classes"].update(topic=CLASSES))
    SmallModel(path, declared={"labels": ["topic"]}).write(folder / "model")
    (folder / "r.jsonl").write_text(json.dumps({"text": "a", "title": "b", "stars": 1}) + "\n")
    return folder


def _run(folder: Path, encoding: str, *arguments: str, check: bool = True) -> Ended:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = ["-m", "preprocess.cli", *arguments]
    return run_python(*command, cwd=folder, env=environment, check=check)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_json_is_the_same_value_in_any_encoding(folder: Path, encoding: str) -> None:
    ended = _run(folder, encoding, "predict", "--model", "model", "--input", "r.jsonl")
    assert list(json.loads(ended.stdout)["topic"]["probabilities"]) == CLASSES
    assert ended.stdout.isascii() == (encoding != "utf-8")


def test_a_page_spells_out_what_it_cannot_say(folder: Path) -> None:
    shown = _run(folder, "ascii", "inspect", "--artifact", "日本").stdout
    assert shown.startswith("\\u65e5\\u672c\n") and "\\u82b8\\u8853 [a  b]" in shown


def test_so_does_an_error(folder: Path) -> None:
    ended = _run(folder, "ascii", "inspect", "--artifact", "日", check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("text2seq: error: \\u65e5: has no manifest.json")
