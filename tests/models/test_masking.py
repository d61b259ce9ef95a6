"""The mask travels from Embedding through projection to every kind of encoder."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from encoder_kinds import ENCODER_KINDS, small_encoder, small_encoders
from hypothesis import given, settings
from hypothesis import strategies as st
from small_artifact import FULL, SmallArtifact

from preprocess import read_manifest
from preprocess.artifact.manifest import Manifest
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import plan_model

pytestmark = pytest.mark.slow

MODELS = small_encoders()
TOLERANCE = 1e-6
IDS = st.lists(st.integers(1, 5), min_size=0, max_size=12)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    folder = tmp_path_factory.mktemp("full")
    return read_manifest(SmallArtifact({"train": [1, 2]}, declared=FULL).write(folder))


@pytest.fixture(scope="module")
def models(manifest: Manifest) -> dict[str, keras.Model]:
    keras.utils.set_random_seed(0)
    return {name: _model(manifest, text) for name, text in MODELS.items()}


def _model(manifest: Manifest, text: dict) -> keras.Model:
    declared = ModelFile.model_validate({"text": {"embedding": {"dim": 3}, **text}, "dense": [6]})
    model = build_model(plan_model(declared, manifest))
    for weight in model.weights:  # biases too, which start as zeros and would hide a leak
        weight.assign(keras.random.normal(weight.shape, stddev=0.7))
    return model


@functools.cache
def _compiled(model: keras.Model) -> Callable[..., dict[str, tf.Tensor]]:
    ids, numbers = tf.TensorSpec((None, None), tf.int64), tf.TensorSpec((None,), tf.float32)
    signature = [{"text": ids, "title": ids, "stars": numbers}]
    return tf.function(model, input_signature=signature, autograph=False)


def _answers(model: keras.Model, texts: np.ndarray, titles: np.ndarray) -> dict[str, np.ndarray]:
    stars = np.linspace(-1, 1, len(texts), dtype=np.float32)
    outputs = _compiled(model)({"text": texts, "title": titles, "stars": stars})
    return {name: output.numpy() for name, output in outputs.items()}


def _padded(rows: list[list[int]], extra: int, side: str) -> np.ndarray:
    width = max(1, *(len(row) for row in rows)) + extra
    zeros = [[0] * (width - len(row)) for row in rows]
    pairs = zip(rows, zeros, strict=True)
    return np.array([r + z if side == "post" else z + r for r, z in pairs], np.int64)


def _largest_difference(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> float:
    return max(float(np.abs(one[name] - other[name]).max()) for name in one)


@pytest.mark.parametrize("name", MODELS)
@given(rows=st.lists(IDS, min_size=1, max_size=4), extra=st.integers(0, 20))
@settings(max_examples=25)
def test_padding_changes_nothing(
    name: str, models: dict[str, keras.Model], rows: list[list[int]], extra: int
) -> None:
    titles = _padded([[1, 2]] * len(rows), 0, "pre")
    expected = _answers(models[name], _padded(rows, 0, "post"), titles)
    for side in ("post", "pre"):
        found = _answers(models[name], _padded(rows, extra, side), titles)
        assert _largest_difference(expected, found) <= TOLERANCE
        titled = _answers(
            models[name], _padded(rows, 0, "post"), _padded([[1, 2]] * len(rows), extra, side)
        )
        assert _largest_difference(expected, titled) <= TOLERANCE


@pytest.mark.parametrize("name", MODELS)
def test_a_text_is_answered_alike_in_any_batch(name: str, models: dict[str, keras.Model]) -> None:
    rows = [[1, 2, 3], [4], [], [5, 1, 2, 3, 4, 5, 1, 2]]
    titles, texts = _padded([[1]] * 4, 0, "pre"), _padded(rows, 3, "post")
    together = _answers(models[name], texts, titles)
    stars = np.linspace(-1, 1, 4, dtype=np.float32)
    for index, row in enumerate(rows):
        one = {
            "text": _padded([row], 0, "post"),
            "title": titles[:1],
            "stars": stars[index : index + 1],
        }
        alone = _compiled(models[name])(one)
        for label, output in together.items():
            np.testing.assert_allclose(alone[label].numpy()[0], output[index], atol=TOLERANCE)


@pytest.mark.parametrize("name", MODELS)
def test_empty_texts_are_answered_alike_and_finitely(
    name: str, models: dict[str, keras.Model]
) -> None:
    stars = np.zeros(1, np.float32)
    title = np.zeros((1, 1), np.int64)
    found = [
        models[name]({"text": np.zeros((1, width), np.int64), "title": title, "stars": stars})
        for width in (1, 2, 50)
    ]
    for label, output in found[0].items():
        assert np.isfinite(output).all()
        for other in found[1:]:
            np.testing.assert_array_equal(output, other[label])


@pytest.mark.parametrize("name", MODELS)
def test_without_the_mask_padding_changes_the_answer(
    name: str, models: dict[str, keras.Model]
) -> None:
    model, rows = models[name], [[1, 2, 3], [4, 5]]
    titles = _padded([[1]] * 2, 0, "pre")
    masked = _answers(model, _padded(rows, 10, "post"), titles)
    unmasked = _without_masks(model)
    short = _answers(unmasked, _padded([[1, 2, 3]] * 2, 0, "post"), titles)
    long = _answers(unmasked, _padded([[1, 2, 3]] * 2, 10, "post"), titles)
    assert _largest_difference(short, long) > 1e-3
    assert _largest_difference(masked, long) > 1e-3


def _without_masks(model: keras.Model) -> keras.Model:
    """The same weights, but every id shows: the Embedding masks nothing."""
    config = model.get_config()
    for node in config["layers"]:
        if node["class_name"] == "NotEqual":  # ids != 0
            node["class_name"] = "GreaterEqual"
            node["registered_name"] = "GreaterEqual"
    clone = keras.Model.from_config(config)
    clone.set_weights(model.get_weights())
    return clone


@pytest.mark.parametrize("kind", ENCODER_KINDS)
def test_training_leaves_what_an_empty_text_says_to_the_head(kind: str, manifest: Manifest) -> None:
    model = _model(manifest, {"encoder": small_encoder(kind)})
    model.compile("adam", {"label": "binary_crossentropy"})
    features = {
        "text": np.zeros((4, 3), np.int64),
        "title": np.zeros((4, 1), np.int64),
        "stars": np.zeros(4, np.float32),
    }
    before = [weight.numpy() for weight in _weights_of(model, "text_")]
    loss = model.fit(features, {"label": np.ones(4)}, verbose=0).history["loss"]
    assert np.isfinite(loss).all()
    for old, new in zip(before, _weights_of(model, "text_"), strict=True):
        np.testing.assert_array_equal(old, new)


def _weights_of(model: keras.Model, prefix: str) -> list[keras.Variable]:
    return [w for layer in model.layers if layer.name.startswith(prefix) for w in layer.weights]


# Weights of an encoder of 4 units for steps of width 5; a GRU has two biases for each gate.
WEIGHTS = {"lstm": 4 * 4 * (5 + 4 + 1), "gru": 3 * 4 * (5 + 4 + 2), "average": 0}


@pytest.mark.parametrize("kind", ENCODER_KINDS)
def test_shared_encoders_have_one_set_of_weights(kind: str, manifest: Manifest) -> None:
    text = {"encoder": small_encoder(kind), "projection": {"units": 5, "use_bias": False}}
    own = _model(manifest, {**text, "share": False})
    shared = _model(manifest, {**text, "share": True})
    one_set = sum(weight.numpy().size for weight in _weights_of(own, "text_"))
    if kind in WEIGHTS:
        assert one_set == 6 * 3 + 3 * 5 + WEIGHTS[kind]
    layers = "title_", "text_", "words_"
    assert [len(_weights_of(own, layer)) > 0 for layer in layers] == [True, True, False]
    assert [len(_weights_of(shared, layer)) > 0 for layer in layers] == [False, False, True]
    assert sum(weight.numpy().size for weight in _weights_of(shared, "words_")) == one_set
    one = np.array([[1, 2, 3]])
    stars, none = np.zeros(1, np.float32), np.zeros((1, 1), np.int64)
    inner = keras.Model(shared.inputs, shared.get_layer("joined").output)
    width = (inner.output_shape[1] - 1) // 2
    first = inner({"text": one, "title": none, "stars": stars}).numpy()[0, :width]
    second = inner({"text": none, "title": one, "stars": stars}).numpy()[0, width : 2 * width]
    np.testing.assert_array_equal(first, second)


def test_the_saved_model_needs_nothing_of_ours(
    models: dict[str, keras.Model], tmp_path: Path
) -> None:
    for name, model in models.items():
        path = tmp_path / f"{name}.keras"
        model.save(path)
        assert "preprocess" not in path.read_bytes().decode("latin-1")
        again = keras.models.load_model(path)
        texts, titles = _padded([[1, 2], [3]], 2, "post"), _padded([[1], [2]], 1, "pre")
        assert (
            _largest_difference(_answers(model, texts, titles), _answers(again, texts, titles)) == 0
        )
