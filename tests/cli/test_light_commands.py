"""What no command needs, it does not import: neither Beam, nor Keras, nor what Keras finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import run_python
from small_artifact import PLAIN, SmallArtifact
from small_model import SmallModel

pytestmark = pytest.mark.slow

COMMAND = """
import sys
from preprocess.cli import main
try:
    main()
finally:
    print("MODULES", *{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""
BEAM = {"apache_beam", "tensorflow_transform", "tfx_bsl"}
KERAS = {"keras", "matplotlib", "sklearn"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact of one text feature, and a model of it."""
    folder = tmp_path_factory.mktemp("light")
    artifact = SmallArtifact({"train": [1, 3], "test": [2]}, declared=PLAIN)
    SmallModel(artifact.write(folder / "artifact")).write(folder / "model")
    return folder


def _run(folder: Path, *arguments: str) -> tuple[str, set[str]]:
    """Standard output of a command, and the modules of its process, those of the top level."""
    ended = run_python("-c", COMMAND, *arguments, cwd=folder)
    return ended.stdout, set(ended.stderr.rpartition("MODULES ")[2].split())


def test_predict_text(folder: Path) -> None:
    printed, imported = _run(folder, "predict", "--model", "model", "--text", "the cat")
    assert set(json.loads(printed)) == {"label"}
    assert "tensorflow" in imported and imported & (BEAM | KERAS) == set()


def test_inspect(folder: Path) -> None:
    printed, imported = _run(folder, "inspect", "--artifact", "artifact")
    assert "the" in printed
    assert "tensorflow" in imported and imported & (BEAM | KERAS) == set()


def test_evaluate(folder: Path) -> None:
    printed, imported = _run(folder, "evaluate", "--model", "model", "--artifact", "artifact")
    assert json.loads(printed)["label"]["examples"] == 1
    assert "keras" in imported and imported & BEAM == set()


def test_build(folder: Path) -> None:
    (folder / "spec.yaml").write_text("features: {text: {}}")
    (folder / "rows.txt").write_text("a b\nc\n")
    options = ("--spec", "spec.yaml", "--input", "rows.txt", "--output", "built")
    printed, imported = _run(folder, "build", *options)
    assert printed.startswith("built: 2 rows read, 2 written (2 train), 0 rejected")
    assert imported >= BEAM and imported & KERAS == set()
