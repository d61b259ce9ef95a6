"""Answers of the Keras model to the records of hand-made artifacts, and how they are measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from small_artifact import FULL, SmallArtifact
from small_model import SmallModel

from preprocess import dataset, evaluate
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.evaluation.metrics import measure
from preprocess.evaluation.record_predictions import Predictions, predict_records
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.opened_model import OpenedModel

LENGTHS = {"train": [n % 9 for n in range(50)], "test": [n % 8 for n in range(23)], "empty": []}
SHAPES = {"label": (), "topic": (2,), "tags": (3,), "score": (), "place": (2,)}


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> str:
    return SmallArtifact(LENGTHS, declared=FULL).write(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def model(artifact: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    declared = {"heads": {"place": {"loss": "huber"}}}
    return SmallModel(artifact, declared).write(tmp_path_factory.mktemp("trained") / "model")


def _predicted(model: str, artifact: str, split: str, **options: Any) -> Predictions:
    opened = OpenedModel.open(model), OpenedArtifact.open(artifact)
    return predict_records(*opened, split, **options)


def test_answers_are_those_of_keras(artifact: str, model: str) -> None:
    found = _predicted(model, artifact, "test", batch_size=5)
    network = keras.models.load_model(ModelLayout(Path(model)).keras, compile=False)
    expected: dict[str, list] = {name: [] for name in SHAPES}
    truth: dict[str, list] = {name: [] for name in SHAPES}
    for features, labels in dataset(artifact, "test", batch_size=64, shuffle=False):
        outputs = network({name: features[name] for name in ("text", "title", "stars")})
        for name, shape in SHAPES.items():
            expected[name].append(np.reshape(outputs[name], (-1, *shape)))
            truth[name].append(labels[name].numpy())
    for name, shape in SHAPES.items():
        answers = found.answers[name]
        assert answers.dtype == np.float32 and answers.shape == (23, *shape)
        np.testing.assert_allclose(answers, np.concatenate(expected[name]), rtol=1e-5)
        assert found.labels[name].dtype == truth[name][0].dtype
        np.testing.assert_array_equal(found.labels[name], np.concatenate(truth[name]))


def test_nothing_depends_on_the_size_of_a_batch(artifact: str, model: str) -> None:
    large, small = (_predicted(model, artifact, "train", batch_size=n) for n in (256, 3))
    for name in SHAPES:
        np.testing.assert_allclose(large.answers[name], small.answers[name], rtol=1e-5)
        np.testing.assert_array_equal(large.labels[name], small.labels[name])


@pytest.mark.parametrize(("limit", "rows"), [(1, 1), (7, 7), (50, 50), (1000, 50)])
def test_a_limit_takes_the_first_of_a_shuffled_order(
    artifact: str, model: str, limit: int, rows: int
) -> None:
    reported: list[int] = []
    found = _predicted(model, artifact, "train", limit=limit, batch_size=4, on_rows=reported.append)
    shuffled = dataset(artifact, "train", batch_size=4, seed=0)
    scores = np.concatenate([labels["score"] for _, labels in shuffled])[:limit]
    np.testing.assert_array_equal(found.labels["score"], scores)
    assert {len(a) for a in found.answers.values()} == {rows} == {sum(reported)}
    assert max(reported) <= 4


def test_only_labels_with_heads(artifact: str, tmp_path: Path) -> None:
    model = SmallModel(artifact, {"labels": ["topic", "label"]}).write(tmp_path / "model")
    found = _predicted(model, artifact, "test")
    assert list(found.labels) == list(found.answers) == ["topic", "label"]
    assert list(evaluate(model, artifact)) == ["topic", "label"]


def test_evaluate_measures_every_label(
    artifact: str, model: str, capfd: pytest.CaptureFixture[str]
) -> None:
    reported: list[int] = []
    measures = evaluate(model, artifact, on_rows=reported.append)
    assert capfd.readouterr().out == ""
    found = _predicted(model, artifact, "test")
    assert list(measures) == list(SHAPES)
    assert measures["label"] == measure("binary", found.labels["label"], found.answers["label"])
    assert list(measures["topic"]["f1"]) == ["art", "sport"]
    assert list(measures["tags"]["f1"]) == ["a", "b", "c"]
    mse, huber = measures["score"], measures["place"]
    assert mse["loss"] == pytest.approx(mse["rmse"] ** 2)
    keras_loss = keras.losses.Huber()(found.labels["place"], found.answers["place"])
    assert huber["loss"] == pytest.approx(float(keras_loss), rel=1e-5)
    assert {m["examples"] for m in measures.values()} == {23} == {sum(reported)}
    assert json.loads(json.dumps(measures, allow_nan=False)) == measures


def test_an_unknown_split(artifact: str, model: str) -> None:
    with pytest.raises(UsageError, match="got the split 'dev', expected one of train, test, empty"):
        _predicted(model, artifact, "dev")


def test_a_split_without_records(artifact: str, model: str) -> None:
    with pytest.raises(UsageError, match=r"'empty', which has no records.*give one of train, test"):
        evaluate(model, artifact, "empty")


@pytest.mark.parametrize("option", ["limit", "batch_size"])
def test_numbers_below_one(artifact: str, model: str, option: str) -> None:
    with pytest.raises(UsageError, match=f"got {option}=0, expected at least 1"):
        _predicted(model, artifact, "test", **{option: 0})


def test_an_artifact_of_other_labels(model: str, tmp_path: Path) -> None:
    declared = {**FULL, "labels": {"label": {"kind": "binary"}}}
    other = SmallArtifact({"test": [1]}, declared=declared).write(tmp_path)
    with pytest.raises(ArtifactError, match=r"does not match the model .*: labels differ"):
        evaluate(model, other)


def test_a_folder_without_a_model(artifact: str, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no trained model"):
        evaluate(str(tmp_path), artifact)


@pytest.mark.parametrize("content", [b"no zip archive", None])
def test_a_damaged_model(artifact: str, tmp_path: Path, content: bytes | None) -> None:
    model = SmallModel(artifact, {"labels": ["label"]}).write(tmp_path / "model")
    path = ModelLayout(Path(model)).keras
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"model\.keras: got .*, expected 4.* bytes as model"):
        evaluate(model, artifact)
