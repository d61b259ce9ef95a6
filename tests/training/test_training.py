"""Training: what it leaves, how it resumes after a kill, and what it refuses."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from processes import run_python
from small_artifact import FULL, PLAIN, SmallArtifact
from vouching import edit_manifest, vouch

from preprocess import read_model_manifest, train
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError, SpecError, TrainingError, UsageError
from preprocess.model_file import ModelFile
from preprocess.models.model_plan import plan_model
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.training.class_weights import balanced, class_weights
from preprocess.training.training_batches import evaluation_batches, training_batches
from preprocess.training.training_state import TrainingProgress

pytestmark = pytest.mark.slow

# Dropout everywhere, and early stopping, whose counts must survive a kill.
TOUGH: dict[str, Any] = {
    "text": {
        "embedding": {"dim": 4, "dropout": 0.2},
        "encoder": {"units": 5, "dropout": 0.3, "layers": 2},
    },
    "dense": [4],
    "dropout": 0.2,
    "training": {
        "epochs": 4,
        "batch_size": 16,
        "schedule": "cosine",
        "warmup": 0.1,
        "early_stopping": {"patience": 3},
    },
}
LIMIT = 400
# Trains, and dies by SIGKILL in the middle of an epoch: no clean-up runs.
DIE = """
import os, signal, sys
import keras
from preprocess import train, load_model_file

class Die(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.seen = getattr(self, "seen", 0) + 1
        if self.seen == int(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)

import preprocess.training.training_job as job
make = job.make_callbacks
job.make_callbacks = lambda *args, **more: [*make(*args, **more), Die()]
train(*sys.argv[1:4], limit=400)
"""


@pytest.fixture(scope="module")
def tough_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tough") / "tough.json"
    path.write_text(json.dumps(TOUGH))
    return path


@pytest.fixture(scope="module")
def unbroken(artifact: Path, tough_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("unbroken") / "model"
    train(str(artifact), str(tough_file), str(output), limit=LIMIT)
    return output


def _weights(model: Path) -> list[np.ndarray]:
    loaded = keras.models.load_model(ModelLayout(model).keras, compile=False)
    return [weight.numpy() for weight in loaded.weights]


@pytest.mark.long
def test_a_killed_training_goes_on_to_the_same_weights(
    artifact: Path, tough_file: Path, unbroken: Path, tmp_path: Path
) -> None:
    output = tmp_path / "model"
    state = Path(ModelLayout(output).state)
    batches = 400 // 16 + 1
    arguments = [str(artifact), str(tough_file), str(output), str(2 * batches + 7)]
    killed = run_python("-c", DIE, *arguments, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert state.is_file() and not ModelLayout(output).manifest.exists()
    command = ["train", "--artifact", artifact, "--model", tough_file, "--output", output]
    resumed = run_python("-m", "preprocess.cli", *command, "--limit", str(LIMIT), "--resume")
    assert "resumes after epoch 2" in resumed.stderr
    for expected, found in zip(_weights(unbroken), _weights(output), strict=True):
        np.testing.assert_array_equal(found, expected)
    expected, found = (ModelLayout(model).history.read_text() for model in (unbroken, output))
    assert found == expected
    outcomes = [read_model_manifest(str(model)).outcome for model in (unbroken, output)]
    assert outcomes[0] == outcomes[1]


@pytest.mark.long
def test_a_training_is_reproducible_and_depends_on_the_seed(
    artifact: Path, unbroken: Path, tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    train(str(artifact), ModelFile.model_validate(TOUGH), str(again), limit=LIMIT)
    seeded = {**TOUGH, "training": {**TOUGH["training"], "seed": 1}}
    train(str(artifact), ModelFile.model_validate(seeded), str(other), limit=LIMIT)
    expected = _weights(unbroken)
    assert all(np.array_equal(a, b) for a, b in zip(expected, _weights(again), strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(expected, _weights(other), strict=True))


def test_a_finished_training_can_be_trained_further(
    artifact: Path, trained: Path, small_model_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "model"
    train(str(artifact), str(small_model_file), str(output), limit=600, epochs=1)
    longer = train(str(artifact), str(small_model_file), str(output), limit=600, resume=True)
    assert longer.manifest.outcome.epochs == 2
    for expected, found in zip(_weights(trained), _weights(output), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_history_has_every_epoch_and_the_least_validation_loss_is_kept(unbroken: Path) -> None:
    history = json.loads(ModelLayout(unbroken).history.read_text())
    outcome = read_model_manifest(str(unbroken)).outcome
    assert {"loss", "val_loss", "label_accuracy", "val_topic_accuracy"} <= set(history)
    assert all(len(values) == outcome.epochs for values in history.values())
    assert outcome.best_epoch == 1 + int(np.argmin(history["val_loss"]))
    assert outcome.monitor == "val_loss"
    assert list(ModelLayout(unbroken).logs.rglob("events.out.tfevents.*"))


def test_the_model_kept_is_that_of_the_best_epoch(artifact: Path, unbroken: Path) -> None:
    opened, trained = OpenedArtifact.open(str(artifact)), read_model_manifest(str(unbroken))
    plan = plan_model(trained.model, opened.manifest)
    model = keras.models.load_model(ModelLayout(unbroken).keras)
    model.compile(loss={"label": "binary_crossentropy", "topic": "sparse_categorical_crossentropy"})
    validation = evaluation_batches(opened, "validation", plan, {})
    found = model.evaluate(validation, verbose=0)
    history = json.loads(ModelLayout(unbroken).history.read_text())
    assert (found if np.isscalar(found) else found[0]) == pytest.approx(
        min(history["val_loss"]), rel=1e-4
    )


@pytest.fixture(scope="module")
def watched_by_dev(build_once: Any) -> str:
    """An artifact with the splits train and dev."""
    rows = [{"text": f"word{n % 5} " * (1 + n % 7), "label": n % 2} for n in range(48)]
    spec = "features: {text: {max_length: 8}}\nlabels: {label: }\nbuckets: {count: 2}"
    return str(build_once(spec, {"train=a.jsonl": rows, "dev=b.jsonl": rows[:8]}))


def test_without_a_validation_split_the_last_weights_are_kept(
    watched_by_dev: str, tmp_path: Path
) -> None:
    outcome = train(watched_by_dev, ModelFile(), str(tmp_path / "model"), epochs=2).manifest.outcome
    assert (outcome.best_epoch, outcome.monitor) == (2, "last")
    assert outcome.examples == {"train": 48}


def test_early_stopping_ends_the_training(watched_by_dev: str, tmp_path: Path) -> None:
    declared = {
        "epochs": 9,
        "learning_rate": 1e-9,
        "validation": "dev",
        "early_stopping": {"patience": 2, "min_delta": 0.5},
    }
    model = ModelFile.model_validate({"training": declared})
    assert train(watched_by_dev, model, str(tmp_path / "model")).manifest.outcome.epochs == 3
    resumed = train(watched_by_dev, model, str(tmp_path / "model"), resume=True)
    assert resumed.manifest.outcome.epochs == 3


def _with_graph(artifact: str) -> str:
    """The artifact with a graph that its manifest vouches for, though it is none."""
    graph = Path(artifact, "serving/saved_model.pb")
    graph.parent.mkdir()
    graph.write_bytes(b"none")
    entry = {"path": "serving/saved_model.pb", "bytes": 0, "sha256": ""}
    edit_manifest(artifact, lambda manifest: manifest["files"].append(entry))
    vouch(artifact)
    return artifact


def test_an_artifact_without_its_graph_is_refused(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [2] * 4}).write(tmp_path / "artifact")
    with pytest.raises(ArtifactError, match=r"serving: got a file that manifest\.json does not"):
        train(artifact, ModelFile(), str(tmp_path / "model"), epochs=1)
    assert not (tmp_path / "model").exists()
    with pytest.raises(ArtifactError, match="serving: got a folder that TensorFlow cannot load"):
        train(_with_graph(artifact), ModelFile(), str(tmp_path / "model"), epochs=1)


@pytest.mark.parametrize("name", ["vocabulary/words.tsv", "serving/saved_model.pb"])
def test_damage_is_found_before_the_training(tmp_path: Path, name: str) -> None:
    artifact = _with_graph(SmallArtifact({"train": [2] * 4}).write(tmp_path / "artifact"))
    path = Path(artifact, name)
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.raises(ArtifactError, match=f"{name}: got the SHA-256"):
        train(artifact, ModelFile(), str(tmp_path / "model"), epochs=1)
    assert not (tmp_path / "model").exists()


def test_batches_hold_what_the_model_takes_and_predicts(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1, 2, 5, 8] * 4}, declared=FULL).write(tmp_path)
    opened = OpenedArtifact.open(artifact)
    plan = plan_model(ModelFile(), opened.manifest)
    [batch] = training_batches(
        OpenedArtifact.open(artifact), plan, ModelFile().training, {}, 0
    ).take(1)
    features, labels = batch
    assert set(features) == {"text", "title", "stars"}
    assert {name: label.shape[1:].as_list() for name, label in labels.items()} == {
        "label": [],
        "topic": [],
        "tags": [3],
        "score": [],
        "place": [2],
    }


def test_texts_are_trimmed_to_the_longest_of_the_batch(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1, 2, 3, 8]}, declared=FULL).write(tmp_path)
    opened = OpenedArtifact.open(artifact)
    plan = plan_model(ModelFile(), opened.manifest)
    for features, _ in training_batches(
        OpenedArtifact.open(artifact), plan, ModelFile().training, {}, 0
    ):
        assert features["title"].shape[1] == 1  # 3 in the records, padded at the front
        assert (features["title"].numpy() == 1).all()
        assert (features["text"].numpy()[:, -1] != 0).any()


def test_epochs_differ_in_order_and_agree_in_content(artifact: Path) -> None:
    opened = OpenedArtifact.open(str(artifact))
    plan = plan_model(ModelFile(), opened.manifest)
    batches = training_batches(
        OpenedArtifact.open(str(artifact)), plan, ModelFile().training, {}, 0
    )
    first, second = ([f["stars"].numpy() for f, _ in batches] for _ in range(2))
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))
    np.testing.assert_array_equal(np.sort(np.concatenate(first)), np.sort(np.concatenate(second)))


def test_class_weights_reach_the_examples(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [2] * 6}, declared=FULL).write(tmp_path)
    declared = {"class_weights": {"label": {"1": 3}, "topic": "balanced"}}
    model = ModelFile.model_validate({"training": declared})
    opened = OpenedArtifact.open(artifact)
    plan = plan_model(model, opened.manifest)
    weights = class_weights(opened, plan, model.training)
    assert weights == {"label": [1.0, 3.0], "topic": [1.0, 1.0]}
    [(_, labels, found)] = training_batches(
        OpenedArtifact.open(artifact), plan, model.training, weights, 0
    )
    np.testing.assert_array_equal(found["label"], np.where(labels["label"] == 1, 3.0, 1.0))
    np.testing.assert_array_equal(found["score"], np.ones(6))


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    truth = np.repeat([0, 1, 2], [7, 2, 1])
    expected = compute_class_weight("balanced", classes=np.arange(3), y=truth)
    assert balanced([7, 2, 1]) == pytest.approx(expected)
    assert balanced([7, 0, 7]) == [1.0, 1.0, 1.0]


def test_frozen_vectors_stay_as_they_are_and_others_move(artifact: Path, tmp_path: Path) -> None:
    words = list(json.loads((artifact / "vocabulary" / "words.json").read_text()))
    rows = np.random.default_rng(0).normal(size=(50, 4)).astype("float32")
    lines = [
        f"{w} {' '.join(map(repr, map(float, row)))}\n" for w, row in zip(words, rows, strict=False)
    ]
    (tmp_path / "v.txt").write_text("".join(lines))
    found = {}
    for trainable in (False, True):
        embedding = {"vectors": str(tmp_path / "v.txt"), "trainable": trainable}
        text = {"embedding": embedding, "encoder": {"units": 3}}
        model = ModelFile.model_validate({"text": text})
        output = tmp_path / str(trainable)
        manifest = train(str(artifact), model, str(output), limit=300, epochs=1).manifest
        table = manifest.embeddings["words"]
        assert (table.dim, table.found) == (4, 50) and table.missing == len(words) - 50
        loaded = keras.models.load_model(ModelLayout(output).keras)
        found[trainable] = loaded.get_layer(table.layer).embeddings.numpy()
    first = 1 + 1  # padding, OOV
    np.testing.assert_array_equal(found[False][first : first + 50], rows)
    np.testing.assert_array_equal(found[False][0], np.zeros(4))
    assert not np.array_equal(found[True][first : first + 50], rows)


def test_a_loss_that_is_no_number_fails(tmp_path: Path) -> None:
    artifact = _with_graph(SmallArtifact({"train": [2] * 64}).write(tmp_path / "artifact"))
    wild = {"optimizer": "sgd", "learning_rate": 1000, "clip_norm": None, "batch_size": 1}
    heads = {"label": {"weight": 1e6}}
    model = ModelFile.model_validate({"dense": [64] * 4, "heads": heads, "training": wild})
    with pytest.raises(TrainingError, match=r"expected a number; lower training.learning_rate"):
        train(artifact, model, str(tmp_path / "model"), epochs=3)
    assert not ModelLayout(tmp_path / "model").manifest.exists()


def test_a_finished_model_is_not_replaced_unasked(
    artifact: Path, trained: Path, small_model_file: Path
) -> None:
    before = ModelLayout(trained).manifest.read_bytes()
    with pytest.raises(UsageError, match="got a folder with a finished model"):
        train(str(artifact), str(small_model_file), str(trained))
    with pytest.raises(UsageError, match="got another model file, artifact or --limit"):
        train(str(artifact), str(small_model_file), str(trained), limit=601, resume=True)
    assert ModelLayout(trained).manifest.read_bytes() == before


def test_a_folder_that_is_not_ours_is_refused(artifact: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty and not made by text2seq"):
        train(str(artifact), ModelFile(), str(tmp_path), overwrite=True)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_early_stopping_needs_a_split_to_watch(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [2] * 4}).write(tmp_path / "artifact")
    model = ModelFile.model_validate({"training": {"early_stopping": {}}})
    with pytest.raises(SpecError, match=r"training.early_stopping: got an artifact without"):
        train(artifact, model, str(tmp_path / "model"))
    assert not (tmp_path / "model").exists()


def test_an_artifact_without_training_examples_is_refused(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [], "test": [2]}, declared=PLAIN).write(tmp_path / "a")
    with pytest.raises(UsageError, match="got no example in the split train"):
        train(artifact, ModelFile(), str(tmp_path / "model"))


def test_progress_survives_json(tmp_path: Path) -> None:
    from preprocess.training.training_state import read_progress, save_state

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    progress = TrainingProgress(
        "x", 2, {"loss": [0.1, 0.2]}, 0.1, 1, "0f", 0.15, 1, True, {"w": (1, 2)}
    )
    save_state(ModelLayout(tmp_path), model, progress)
    found = read_progress(ModelLayout(tmp_path).state)
    found.vectors = {name: tuple(counts) for name, counts in found.vectors.items()}
    assert found == progress


def test_a_limit_takes_about_so_many_examples_of_all_lengths(artifact: Path) -> None:
    opened = OpenedArtifact.open(str(artifact))
    plan = plan_model(ModelFile(), opened.manifest)
    options = (opened, plan, ModelFile().training, {}, 0, 640)
    chosen = [len(features["stars"]) for features, _ in training_batches(*options)]
    assert 500 <= sum(chosen) <= 640
    validation = evaluation_batches(opened, "validation", plan, {}, 128)
    first, again = ([f["text"].numpy() for f, _ in validation] for _ in range(2))
    assert 90 <= sum(map(len, first)) <= 128
    assert max(ids.shape[1] for ids in first) > 50  # not the shortest bucket alone
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
