"""What each kind of encoder computes: against numpy, and against Keras' own layers."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from encoder_kinds import ENCODER_KINDS, VARIANTS, small_encoder, small_encoders
from small_artifact import FULL, SmallArtifact

from preprocess import read_manifest
from preprocess.artifact.manifest import Manifest
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import plan_model

pytestmark = pytest.mark.slow

ROWS = [[1, 2, 3], [4], [5, 1, 2, 3, 4, 5, 1], [2, 2]]
RECURRENT = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    folder = tmp_path_factory.mktemp("full")
    return read_manifest(SmallArtifact({"train": [1, 2]}, declared=FULL).write(folder))


def _model(manifest: Manifest, text: dict, for_serving: bool = False) -> keras.Model:
    keras.utils.set_random_seed(0)
    declared = ModelFile.model_validate({"text": {"embedding": {"dim": 3}, **text}, "dropout": 0.4})
    model = build_model(plan_model(declared, manifest), for_serving=for_serving)
    for weight in model.trainable_weights:  # biases too, which start as zeros
        weight.assign(keras.random.normal(weight.shape, stddev=0.7))
    return model


def _features(side: str = "post") -> dict[str, np.ndarray]:
    width = 2 + max(map(len, ROWS))
    zeros = [[0] * (width - len(row)) for row in ROWS]
    pairs = zip(ROWS, zeros, strict=True)
    ids = np.array([row + z if side == "post" else z + row for row, z in pairs], np.int64)
    return {"text": ids, "title": ids, "stars": np.zeros(len(ROWS), np.float32)}


def _vectors(model: keras.Model, side: str) -> np.ndarray:
    """What the encoder of `text` gives for `ROWS`."""
    inner = keras.Model(model.inputs, model.get_layer("joined").output)
    found = inner(_features(side)).numpy()
    return found[:, : (found.shape[1] - 1) // 2]


def _embedded(model: keras.Model, row: list[int]) -> np.ndarray:
    return model.get_layer("text_embedding").embeddings.numpy()[row]


@pytest.mark.parametrize("side", ["post", "pre"])
def test_average_is_the_mean_of_the_rows(side: str, manifest: Manifest) -> None:
    model = _model(manifest, {"encoder": {"kind": "average"}})
    expected = [_embedded(model, row).mean(axis=0) for row in ROWS]
    np.testing.assert_allclose(_vectors(model, side), expected, atol=1e-6)


@pytest.mark.parametrize("side", ["post", "pre"])
@pytest.mark.parametrize("kind", RECURRENT)
def test_recurrent_layers_are_those_of_keras(kind: str, side: str, manifest: Manifest) -> None:
    model = _model(manifest, {"encoder": small_encoder(kind)})
    layer = RECURRENT[kind](4)
    layer.build((None, None, 3))
    layer.set_weights(model.get_layer(f"text_{kind}").get_weights())
    expected = [layer(_embedded(model, row)[None]).numpy()[0] for row in ROWS]
    np.testing.assert_allclose(_vectors(model, side), expected, atol=1e-6)


@pytest.mark.parametrize("pooling", ["max", "mean"])
@pytest.mark.parametrize("kind", RECURRENT)
def test_pooling_takes_the_steps_of_the_text(kind: str, pooling: str, manifest: Manifest) -> None:
    options = {"pooling": pooling, "bidirectional": True}
    model = _model(manifest, {"encoder": small_encoder(kind, **options)})
    layer = keras.layers.Bidirectional(RECURRENT[kind](4, return_sequences=True))
    layer.build((None, None, 3))
    layer.set_weights(model.get_layer(f"text_{kind}_both").get_weights())
    steps = [layer(_embedded(model, row)[None]).numpy()[0] for row in ROWS]
    expected = [getattr(np, pooling)(each, axis=0) for each in steps]
    np.testing.assert_allclose(_vectors(model, "post"), expected, atol=1e-6)


def test_options_are_layers_of_the_same_names_for_each_recurrent_kind(manifest: Manifest) -> None:
    options = {**VARIANTS["bidirectional"], "projection": None}
    for kind in RECURRENT:
        model = _model(manifest, {"encoder": small_encoder(kind, **options)})
        names = [layer.name for layer in model.layers if layer.name.startswith(f"text_{kind}")]
        assert names == [f"text_{kind}_1_both", f"text_{kind}_2_both"]


@pytest.mark.parametrize("name", small_encoders())
def test_serving_drops_nothing_and_answers_alike(name: str, manifest: Manifest) -> None:
    text = small_encoders()[name] | {"embedding": {"dim": 3, "dropout": 0.5}}
    if "dropout" in ENCODER_KINDS[text["encoder"]["kind"]].model_fields:
        text["encoder"] |= {"dropout": 0.5}
    trained, served = (_model(manifest, text, for_serving=serving) for serving in (False, True))
    served.set_weights(trained.get_weights())
    expected, dropped = (trained(_features(), training=t) for t in (False, True))
    for training in (False, True):
        found = served(_features(), training=training)
        for label, answers in expected.items():
            np.testing.assert_array_equal(found[label], answers)
    assert any(np.abs(dropped[label] - expected[label]).max() > 1e-3 for label in expected)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", RECURRENT)
def test_only_texts_padded_at_the_end_use_cudnn(
    kind: str, bidirectional: bool, manifest: Manifest
) -> None:
    encoder = small_encoder(kind, bidirectional=bidirectional)
    for for_serving, of_text in ((False, "auto"), (True, False)):
        model = _model(manifest, {"encoder": encoder}, for_serving=for_serving)
        cells = [each for each in model._flatten_layers() if isinstance(each, RECURRENT[kind])]
        assert len(cells) == 2 * (1 + bidirectional)
        for cell in cells:  # title is padded at the front
            assert cell.use_cudnn == (of_text if "text_" in cell.name else False)
