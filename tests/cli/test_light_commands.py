"""What no command needs, it does not import: Beam serves builds and raw files alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import run_python
from small_artifact import PLAIN, SmallArtifact
from small_model import SmallModel

pytestmark = pytest.mark.slow

RUN = """
import sys
from preprocess.cli import main
try:
    main(sys.argv[1:])
finally:
    heavy = {"apache_beam", "tensorflow_transform"}
    print("HEAVY", sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact of one text feature, and a model of it."""
    folder = tmp_path_factory.mktemp("light")
    artifact = SmallArtifact({"train": [1, 3], "test": [2]}, declared=PLAIN)
    SmallModel(artifact.write(folder / "artifact")).write(folder / "model")
    return folder


def _run(folder: Path, *arguments: str) -> str:
    """Standard output of a command that imports none of the heavy libraries."""
    ended = run_python("-c", RUN, *arguments, cwd=folder)
    assert ended.stderr.endswith("HEAVY []\n")
    return ended.stdout


def test_predict_text(folder: Path) -> None:
    [row] = _run(folder, "predict", "--model", "model", "--text", "the cat").splitlines()
    assert set(json.loads(row)) == {"label"}


def test_evaluate(folder: Path) -> None:
    found = _run(folder, "evaluate", "--model", "model", "--artifact", "artifact")
    assert json.loads(found)["label"]["examples"] == 1
