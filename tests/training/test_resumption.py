"""A training that is cut short: what it leaves, what resumes from it, and what stays whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from artifact_files import tree

import preprocess.training.trainer
from preprocess import train
from preprocess.core.errors import ArtifactError, SystemFailure, UsageError
from preprocess.model_file import ModelFile
from preprocess.trained_model.model_layout import ModelLayout

pytestmark = pytest.mark.slow

MODEL = ModelFile.model_validate(
    {"text": {"embedding": {"dim": 2}, "encoder": {"kind": "average"}}, "training": {"epochs": 2}}
)
OTHER = MODEL.model_copy(update={"dense": [3]})
STATE = ("checkpoints", "logs", "history.json", ".training")


def _train(artifact: Path, output: Path, model: ModelFile = MODEL, **options: object) -> None:
    train(str(artifact), model, str(output), limit=128, **options)  # type: ignore[arg-type]


@pytest.fixture
def fails_to_export(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Has trainings fail once all epochs are done, and gives what mends that."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(preprocess.training.trainer, "export_model", fail)
    return monkeypatch.undo


def _whole(model: Path) -> dict[str, str]:
    return {n: h for n, h in tree(model).items() if not n.startswith(".")}


def _weights(model: Path) -> list[np.ndarray]:
    loaded = keras.models.load_model(ModelLayout(model).keras, compile=False)
    return [weight.numpy() for weight in loaded.weights]


@pytest.fixture(scope="module")
def finished(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("finished") / "model"
    _train(artifact, output)
    return output


def test_a_first_training_leaves_its_state_alone(
    artifact: Path, finished: Path, tmp_path: Path, fails_to_export: Callable[[], None]
) -> None:
    output = tmp_path / "model"
    with pytest.raises(SystemFailure, match="somewhere: cannot be read or written"):
        _train(artifact, output)
    assert {path.name for path in output.iterdir()} == {".text2seq", *STATE} - {".training"}
    fails_to_export()
    _train(artifact, output, resume=True)
    for expected, found in zip(_weights(finished), _weights(output), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("again", [{"resume": True}, {"overwrite": True}])
def test_a_model_stays_whole_until_its_successor_is(
    artifact: Path, tmp_path: Path, fails_to_export: Callable[[], None], again: dict[str, bool]
) -> None:
    output = tmp_path / "model"
    fails_to_export()
    _train(artifact, output)
    before = _whole(output)
    with pytest.MonkeyPatch.context() as patched:
        full = OSError(28, "No space left on device", "somewhere")
        patched.setattr(preprocess.training.trainer, "export_model", _raising(full))
        with pytest.raises(SystemFailure):
            _train(artifact, output, OTHER, overwrite=True)
    assert _whole(output) == before
    assert {p.name for p in (output / ".training").iterdir()} == {*STATE} - {".training"}
    _train(artifact, output, OTHER, **again)
    assert not (output / ".training").exists()
    assert _whole(output) != before
    assert _weights(output)[-1].shape == (1,) or len(_weights(output)) > 3


def _raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_what_fails_before_an_epoch_is_done_leaves_only_the_marker(
    artifact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras.Model, "fit", _raising(MemoryError()))
    with pytest.raises(SystemFailure, match="got no more memory"):
        _train(artifact, tmp_path / "model")
    assert [path.name for path in (tmp_path / "model").iterdir()] == [".text2seq"]


def test_a_finished_model_is_continued_from_a_copy_of_its_state(
    artifact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "model"
    _train(artifact, output, epochs=1)
    before = _whole(output)
    with monkeypatch.context() as patched:
        full = OSError(28, "No space left on device")
        patched.setattr(preprocess.training.trainer, "export_model", _raising(full))
        with pytest.raises(SystemFailure):
            _train(artifact, output, epochs=2, resume=True)
    assert _whole(output) == before
    _train(artifact, output, epochs=2, resume=True)
    assert _whole(output) != before


def test_another_training_is_not_resumed(artifact: Path, tmp_path: Path) -> None:
    output = tmp_path / "model"
    _train(artifact, output, epochs=1)
    before = tree(output)
    with pytest.raises(UsageError, match="got another model file, artifact or --limit"):
        _train(artifact, output, OTHER, resume=True)
    assert tree(output) == before


@pytest.mark.parametrize("which", ["state", "best"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "exchanged", "gone", "garbage"])
def test_a_damaged_checkpoint_is_one_line_and_harms_no_model(
    artifact: Path, finished: Path, tmp_path: Path, which: str, damage: str
) -> None:
    [best] = [p.name for p in (finished / "checkpoints").glob("best-*")]
    name = best if which == "best" else "state.npz"
    output = tmp_path / "model"
    _copy(finished, output)
    path = output / "checkpoints" / name
    data = path.read_bytes()
    path.unlink()
    other = (finished / "checkpoints" / ("state.npz" if name == best else best)).read_bytes()
    contents = {
        "cut": data[: len(data) // 2],
        "flipped": data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[-200:],
        "exchanged": other,
        "garbage": b"PK\x03\x04 garbage",
    }
    if damage in contents:
        path.write_bytes(contents[damage])
    before = tree(output)
    if (name, damage) == ("state.npz", "gone"):
        _train(artifact, output, resume=True)  # nothing to resume: anew
        return
    with pytest.raises(ArtifactError, match=rf"{name}: (is damaged|got ).*without --resume"):
        _train(artifact, output, resume=True)
    after = {n: h for n, h in tree(output).items() if not n.startswith(".training")}
    assert after == before


def _copy(source: Path, destination: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            copied = destination / path.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(path.read_bytes())


def test_a_uri_is_refused(artifact: Path) -> None:
    with pytest.raises(UsageError, match="got a URI, expected a local folder"):
        train(str(artifact), MODEL, "gs://bucket/model")
