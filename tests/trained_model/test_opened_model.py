"""An opened model: what it gives, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from report_model import HISTORY, write_model
from small_artifact import FULL, PLAIN, SmallArtifact

import preprocess
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.trained_model.opened_model import OpenedModel


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    artifact = SmallArtifact({"train": [1, 2]}, declared=FULL).write(folder / "artifact")
    write_model(artifact, folder / "model")
    return folder


@pytest.mark.parametrize("face", [OpenedModel, preprocess.TrainedModel])
def test_what_it_gives(folder: Path, face: Any) -> None:
    path = str(folder / "model")
    model = face.open(path)
    assert model.path == path
    assert model.manifest == preprocess.read_model_manifest(path)
    assert model.spec == preprocess.read_manifest(str(folder / "artifact")).spec
    assert list(model.classes("label")) == ["0", "1"]
    assert list(model.classes("topic")) == ["art", "sport"]
    with pytest.raises(UsageError, match="got the label 'x', expected one of label, topic, tags"):
        model.classes("x")


def test_files_are_read_when_asked_for(folder: Path) -> None:
    model = OpenedModel.open(str(folder / "model"))
    assert model.history() == HISTORY
    assert sorted(model.network().output) == sorted(model.manifest.labels)


def test_an_artifact_of_another_meaning(folder: Path, tmp_path: Path) -> None:
    model = OpenedModel.open(str(folder / "model"))
    model.check_same(OpenedArtifact.open(str(folder / "artifact")))
    other = SmallArtifact({"train": [1, 2]}, declared=PLAIN).write(tmp_path / "other")
    with pytest.raises(ArtifactError, match="features and labels differ"):
        model.check_same(OpenedArtifact.open(other))


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    for open_ in (OpenedModel.open, preprocess.TrainedModel.open, preprocess.Predictor):
        with pytest.raises(ArtifactError, match="no trained model"):
            open_(str(tmp_path))
