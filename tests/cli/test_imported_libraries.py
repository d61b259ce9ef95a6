"""What a command imports, and what the libraries leave behind in a program of one's own."""

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
NEVER = {"keras", "matplotlib", "sklearn", "jax", "torch"}
BEAM = {"apache_beam", "tensorflow_transform", "tfx_bsl"}

PROGRAM = """
import json, os
before = dict(os.environ)
import beam_jobs.build.build_run
import preprocess.graph.serving
after = dict(os.environ)
import keras
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow_transform.keras_lib import tf_keras
print(json.dumps({
    "changed": sorted(set(before.items()) ^ set(after.items())),
    "keras": keras.__version__,
    "tf.keras": tf.keras.__version__,
    "is one": tf.keras.layers.Dense is keras.layers.Dense is layers.Dense,
    "of tf.Transform": tf_keras.__name__,
}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact of one text feature, and a model of it."""
    folder = tmp_path_factory.mktemp("imported")
    artifact = SmallArtifact({"train": [1, 3], "test": [2]}, declared=PLAIN)
    SmallModel(artifact.write(folder / "artifact")).write(folder / "model")
    return folder


def imported(*command: str | Path) -> set[str]:
    """The top-level modules of a process that has run a command."""
    return set(run_python("-c", COMMAND, *command).stderr.rpartition("MODULES ")[2].split())


def test_a_build_imports_what_it_uses(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text("features: {text: {}}")
    (tmp_path / "rows.txt").write_text("a b\nc\n")
    files = ["--spec", tmp_path / "spec.yaml", "--input", tmp_path / "rows.txt"]
    found = imported("build", *files, "--output", tmp_path / "artifact")
    assert found >= BEAM and found & NEVER == set()


def test_other_commands_do_without_beam(folder: Path) -> None:
    model, artifact = folder / "model", folder / "artifact"
    predicted = imported("predict", "--model", model, "--text", "the cat")
    for found in (predicted, imported("inspect", "--artifact", artifact)):
        assert "tensorflow" in found and found & (NEVER | BEAM) == set()


def test_a_program_keeps_its_environment_and_its_keras() -> None:
    found = json.loads(run_python("-c", PROGRAM).stdout)
    assert found["changed"] == []
    assert found["keras"] == found["tf.keras"] and found["keras"].startswith("3.")
    assert found["is one"]
    assert found["of tf.Transform"] == "tf_keras"
