"""Number labels: learnt on a standard scale, answered in their own units."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from processes import run_python

from preprocess import Artifact, Predictor, dataset, evaluate, read_model_manifest, train
from preprocess.core.errors import ArtifactError
from preprocess.model_file import ModelFile
from preprocess.trained_model.model_layout import ModelLayout

pytestmark = pytest.mark.slow

SPEC = """
labels: {stars: {kind: number}, place: {kind: number, size: 3}, label: {kind: binary}}
features: {text: {max_length: 8}}
output: {shards: 2}
"""
WORDS = ("dull", "weak", "fair", "good", "superb")
# Answers of `model.keras`, by a process that has Keras alone.
KERAS_ONLY = """
import json, sys
import keras, numpy as np
model = keras.models.load_model(sys.argv[1])
answers = model.predict({"text": np.array(json.load(sys.stdin), "int64")}, verbose=0)
assert "preprocess" not in sys.modules
print(json.dumps({name: values.tolist() for name, values in answers.items()}))
"""
HUGE, TINY = 1e30, 1e-30


def _rows(number: int, offset: float = 0.0) -> list[dict[str, object]]:
    rows = []
    for row in range(number):
        stars = 1 + row * row % 5
        place = [2.5, HUGE * (row % 3), TINY * row]
        text = f"a {WORDS[stars - 1]} film of {row % 4}"
        rows.append({"text": text, "stars": stars + offset, "place": place, "label": row % 2})
    return rows


@pytest.fixture(scope="module")
def reviews(build_once: Callable[..., Path]) -> Path:
    """50 short reviews to train on, and 20 that lie elsewhere, which no scale may know of."""
    files = {"train=train.jsonl": _rows(50), "test=test.jsonl": _rows(20, offset=100.0)}
    return build_once(SPEC, files, output="reviews")


@pytest.fixture(scope="module")
def model(reviews: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained with the defaults."""
    output = tmp_path_factory.mktemp("numbers") / "model"
    train(str(reviews), ModelFile(), str(output))
    return output


def _truth(artifact: Path, split: str) -> dict[str, np.ndarray]:
    batches = [labels for _, labels in dataset(str(artifact), split, shuffle=False)]
    return {n: np.concatenate([b[n] for b in batches]).astype(float) for n in ("stars", "place")}


def test_statistics_hold_mean_and_deviation_of_each_split(reviews: Path) -> None:
    statistics = Artifact.open(str(reviews)).statistics
    for split in ("train", "test"):
        for name, values in _truth(reviews, split).items():
            found = statistics.of(split).numbers[name]
            columns = values.reshape(len(values), -1)
            np.testing.assert_allclose(found.mean, columns.mean(axis=0), rtol=1e-12)
            np.testing.assert_allclose(found.deviation, columns.std(axis=0), rtol=1e-9)


def test_stars_of_few_reviews_are_answered_between_the_stars(model: Path) -> None:
    answers = Predictor(str(model)).predict({"text": [f"a {word} film of 1" for word in WORDS]})
    for answer in answers:
        assert 1 < answer["stars"]["value"] < 5
        constant, huge, tiny = answer["place"]["value"]
        assert abs(constant - 2.5) < 0.5
        assert 0 < huge < 2 * HUGE
        assert 0 < tiny < 50 * TINY


def test_losses_are_of_standard_scores_and_metrics_in_units(reviews: Path, model: Path) -> None:
    found = evaluate(str(model), str(reviews), "train")
    history = json.loads(ModelLayout(model).history.read_text())
    assert {"loss", "stars_loss", "stars_mae", "place_loss", "place_mae"} <= set(history)
    kept = read_model_manifest(str(model))
    texts = [row["text"] for row in _rows(50)]
    answers = Predictor(str(model)).predict({"text": texts})
    given = {name: np.array([row[name] for row in _rows(50)], float) for name in ("stars", "place")}
    for name, truth in given.items():
        answered = np.array([answer[name]["value"] for answer in answers])
        deviation = np.array(kept.scales[name].deviation).reshape(truth.shape[1:])
        errors = (answered - truth) / deviation
        assert found[name]["loss"] == pytest.approx((errors**2).mean(), rel=1e-3)
        assert found[name]["mae"] == pytest.approx(np.abs(answered - truth).mean(), rel=1e-3)
    assert kept.scales["place"].deviation[0] == 1.0
    assert all(np.isfinite(values).all() for values in history.values())


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_every_loss_is_standardised(reviews: Path, tmp_path: Path, loss: str) -> None:
    """With nothing to learn in a tiny step, an epoch's loss is that of the weights at its end."""
    heads = {"stars": {"loss": loss, "weight": 3.0}}
    training = {"epochs": 1, "learning_rate": 1e-12, "validation": "test"}
    declared = ModelFile.model_validate({"labels": ["stars"], "heads": heads, "training": training})
    train(str(reviews), declared, str(tmp_path / "model"))
    history = json.loads(ModelLayout(tmp_path / "model").history.read_text())
    for split, prefix in (("train", ""), ("test", "val_")):
        found = evaluate(str(tmp_path / "model"), str(reviews), split)["stars"]
        [total] = history[f"{prefix}loss"]
        assert total == pytest.approx(3 * found["loss"], rel=1e-4)
        assert history[f"{prefix}mae"] == [pytest.approx(found["mae"], rel=1e-4)]


def test_a_process_without_this_package_answers_in_units(
    reviews: Path, model: Path, tmp_path: Path
) -> None:
    moved = shutil.copy(ModelLayout(model).keras, tmp_path / "alone.keras")
    [(features, _)] = dataset(str(reviews), "train", shuffle=False, batch_size=50).take(1)
    ids = features["text"].numpy()
    ended = run_python("-P", "-c", KERAS_ONLY, moved, given=json.dumps(ids.tolist()))
    found = json.loads(ended.stdout)
    expected = keras.models.load_model(ModelLayout(model).keras, compile=False)
    answers = expected.predict({"text": ids}, verbose=0)
    assert 1 < np.mean(found["stars"]) < 5
    for name in ("stars", "place"):
        np.testing.assert_allclose(found[name], answers[name], rtol=1e-5)


# Every number is the same, there is one alone, or they are at the ends of what float32 holds.
EXTREMES = {
    "constant": [0.1] * 6,
    "one row": [42.0],
    "huge": [1e30, -1e30, 3e38, -3e38],
    "tiny": [1e-30, 2e-30, 4e-30],
    "subnormal": [1e-44, 2e-44, 5e-44],
    "far from 0": [16_000_000.0, 16_000_001.0, 16_000_002.0],
}


@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_numbers_are_learnt(
    build_in: Callable[..., Path], tmp_path: Path, case: str
) -> None:
    values = EXTREMES[case]
    rows = [{"text": f"w{n}", "y": value} for n, value in enumerate(values)]
    spec = "features: {text: {}}\nlabels: {y: {kind: number}}\noutput: {shards: 1}"
    artifact = build_in(spec, {"train=a.jsonl": rows})
    train(str(artifact), ModelFile(), str(tmp_path / "model"))
    history = json.loads(ModelLayout(tmp_path / "model").history.read_text())
    assert all(0 <= loss < 10 for loss in history["loss"])
    answers = Predictor(str(tmp_path / "model")).predict({"text": [row["text"] for row in rows]})
    found = [answer["y"]["value"] for answer in answers]
    [deviation] = read_model_manifest(str(tmp_path / "model")).scales["y"].deviation
    # 0, where float32 holds no more.
    expected = [0.0] if case == "subnormal" else [np.mean(values)]
    assert np.abs(np.subtract(found, expected)).max() <= 3 * deviation


def test_statistics_of_an_older_build_are_refused(reviews: Path, tmp_path: Path) -> None:
    from vouching import vouch

    older = shutil.copytree(reviews, tmp_path / "artifact")
    statistics = json.loads((older / "statistics.json").read_text())
    del statistics["train"]["numbers"]
    (older / "statistics.json").write_text(json.dumps(statistics))
    vouch(str(older))
    with pytest.raises(ArtifactError, match=r"has no mean and deviation of 'stars'; run `text2seq"):
        train(str(older), ModelFile(), str(tmp_path / "model"))
