"""The Python API: the steps of the command line, from a program."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from processes import run_python
from small_artifact import FULL, SmallArtifact
from small_model import SmallModel

import preprocess

pytestmark = pytest.mark.slow

ROWS = [
    {"id": n, "text": text, "label": label}
    for n, (text, label) in enumerate(
        [("a good film", 1), ("bad bad film", 0), ("superb and fine", 1), ("a dull thing", 0)] * 10
    )
]
SPEC: dict[str, Any] = {
    "features": {"text": {"max_length": 5, "padding": "pre"}},
    "labels": {"label": {"kind": "binary"}},
    "keep": ["id"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def artifact(folder: Path) -> preprocess.Artifact:
    table = pa.Table.from_pylist(ROWS)
    return preprocess.build(SPEC, {"train": table, "test": table[:8]}, folder / "out")


@pytest.fixture(scope="module")
def model(artifact: preprocess.Artifact, folder: Path) -> preprocess.TrainedModel:
    return preprocess.train(artifact, {"training": {"epochs": 1}}, folder / "model")


def own_network(artifact: preprocess.Artifact) -> keras.Model:
    keras.utils.set_random_seed(1)
    text = keras.Input((None,), dtype="int64", name="text")
    rows = artifact.manifest.vocabulary_sizes["words"]
    x = keras.layers.Embedding(rows, 4, mask_zero=True)(text)
    x = keras.layers.LSTM(3)(x)
    return keras.Model({"text": text}, {"label": keras.layers.Dense(1, "sigmoid")(x)})


class OwnClass(keras.Model):
    """A model that no other process knows, which answers one number by its label's name."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.embedding = keras.layers.Embedding(rows, 4)
        self.head = keras.layers.Dense(1, "sigmoid")

    def call(self, features: dict[str, Any]) -> dict[str, Any]:
        return {"label": self.head(keras.ops.mean(self.embedding(features["text"]), 1))}


def test_encode_gives_the_ids_of_the_records(artifact: preprocess.Artifact) -> None:
    texts = [str(row["text"]) for row in ROWS[:8]]
    found = artifact.encode(texts)
    assert all(ids.dtype == np.int64 and ids.ndim == 1 for ids in found)
    kept = {}
    for features, _ in artifact.dataset("test", batch_size=4, keep=True):
        for row, ids in zip(features["id"].numpy(), features["text"].numpy(), strict=True):
            kept[int(row)] = ids[ids > 0].tolist()
    assert {n: ids.tolist() for n, ids in enumerate(found)} == kept


@given(st.lists(st.text(max_size=30), max_size=5))
def test_encode_any_text_as_serving_does(artifact: preprocess.Artifact, texts: list[str]) -> None:
    texts = [text for text in texts if text.isprintable() or text.isascii()]
    serving = tf.saved_model.load(f"{artifact.path}/serving").signatures["serving_default"]
    found = artifact.encode(texts)
    assert len(found) == len(texts)
    if texts:
        answers = serving(text=tf.constant(texts))
        for ids, padded, length in zip(
            found, answers["text"].numpy(), answers["text_length"].numpy(), strict=True
        ):
            assert ids.tolist() == padded[len(padded) - length :].tolist()


def test_one_text_where_a_list_is_meant(artifact: preprocess.Artifact) -> None:
    [ids] = artifact.encode("a good film")
    assert artifact.decode(ids) == ["a", "good", "film"]
    assert artifact.encode([]) == []


DECODED = {
    "list": [3, 4, 0],
    "array": np.array([3, 4, 0]),
    "tensor": tf.constant([3, 4, 0]),
    "series": pd.Series([3, 4, 0]),
}


@pytest.mark.parametrize("ids", DECODED.values(), ids=DECODED)
def test_decode_one_sequence(artifact: preprocess.Artifact, ids: Any) -> None:
    words = artifact.word_index("words")
    assert artifact.decode(ids) == [words.word(3), words.word(4)]


SEVERAL = {
    "lists": [[3, 0], [4]],
    "arrays": [np.array([3]), np.array([4, 0])],
    "array": np.array([[3, 0], [4, 0]]),
    "ragged": tf.ragged.constant([[3], [4]]),
}


@pytest.mark.parametrize("ids", SEVERAL.values(), ids=SEVERAL)
def test_decode_several_sequences(artifact: preprocess.Artifact, ids: Any) -> None:
    words = artifact.word_index("words")
    assert artifact.decode(ids, "words") == [[words.word(3)], [words.word(4)]]


def test_decode_nothing(artifact: preprocess.Artifact) -> None:
    assert artifact.decode([]) == []
    assert artifact.decode([[], [1]]) == [[], ["[OOV]"]]


@pytest.mark.parametrize("ids", ["ab", 5, [1.5], [10_000], [-1], [["a"]], None])
def test_what_are_no_ids(artifact: preprocess.Artifact, ids: Any) -> None:
    with pytest.raises(preprocess.UsageError, match=r"^ids: got "):
        artifact.decode(ids)


def test_unknown_names(artifact: preprocess.Artifact) -> None:
    with pytest.raises(preprocess.UsageError, match="feature: got 'title'"):
        artifact.encode("a", feature="title")
    with pytest.raises(preprocess.UsageError, match="got the vocabulary 'tags'"):
        artifact.decode([1], vocabulary="tags")


def test_evaluate_and_predict(
    model: preprocess.TrainedModel, artifact: preprocess.Artifact, folder: Path
) -> None:
    measures = model.evaluate(artifact, "test")
    assert measures["label"]["examples"] == 8
    assert measures == preprocess.evaluate(str(folder / "model"), artifact.path)
    [row] = model.predict("a good film")
    assert set(row) == {"label"}
    assert model.predict(["a good film", "bad"])[0] == row
    assert model.predict([]) == []


def test_rows_to_predict_in_every_form(model: preprocess.TrainedModel) -> None:
    rows = [{"id": 7, "text": "a good film"}, {"text": "bad"}, {"id": 9, "text": None}]
    first, second, third = model.predict(rows)
    assert first["id"] == 7 and "id" not in second
    assert third == {
        "error": "column 'text': got nothing (missing or null), expected text in UTF-8",
        "source": "table:rows",
        "row": 2,
    }
    columns = {"text": ["a good film", "bad", None], "id": [7, None, 9]}
    table = pa.table(columns)
    assert model.predict(columns) == model.predict(table) == [first, second, third]


def test_rows_as_the_command_line_answers_them(
    model: preprocess.TrainedModel, folder: Path
) -> None:
    rows = [{"id": n, "text": row["text"]} for n, row in enumerate(ROWS[:4])]
    pa.parquet.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet")
    printed = run_python(
        *("-m", "preprocess.cli", "predict", "--model", model.path),
        *("--input", folder / "rows.parquet"),
    ).stdout
    assert [json.loads(line) for line in printed.splitlines()] == model.predict(rows)


NO_ROWS = {
    "number": (5, preprocess.UsageError, "rows: got int"),
    "mixed": ([{"text": "a"}, "b"], preprocess.UsageError, "rows: row 1: got str"),
    "types": ([{"text": "a"}, {"text": 5}], preprocess.InputError, "rows: column 'text': got"),
    "lengths": ({"text": ["a"], "id": [1, 2]}, preprocess.InputError, "no table"),
    "column": ([{"title": "a"}], preprocess.InputError, "table:rows: got no column 'text'"),
}


@pytest.mark.parametrize(("rows", "error", "message"), NO_ROWS.values(), ids=NO_ROWS)
def test_what_are_no_rows(
    model: preprocess.TrainedModel, rows: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        model.predict(rows)


def test_word_vectors(model: preprocess.TrainedModel) -> None:
    assert model.word_vectors("words")["good"].shape == (32,)


def test_a_notebook_shows_what_it_is(
    model: preprocess.TrainedModel, artifact: preprocess.Artifact
) -> None:
    shown = artifact._repr_html_()
    assert "40 train, 8 test of 48 rows" in shown and "label (binary)" in shown
    assert "1 epoch" in model._repr_html_()


def test_names_are_escaped_in_a_notebook(tmp_path: Path) -> None:
    opened = preprocess.Artifact.open(
        SmallArtifact({"train": [1]}, declared=FULL).write(tmp_path / "<b>")
    )
    assert "<b>" not in opened._repr_html_() and "&lt;b&gt;" in opened._repr_html_()


@pytest.mark.parametrize("kind", ["functional", "one tensor", "sequential", "a class of one's own"])
def test_export_of_a_model_of_ones_own(
    kind: str, artifact: preprocess.Artifact, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = artifact.manifest.vocabulary_sizes["words"]
    network = own_network(artifact)
    if kind == "one tensor":
        network = keras.Model(network.inputs[0], network.outputs[0])
    elif kind == "sequential":
        network = keras.Sequential(
            [
                keras.layers.Embedding(rows, 2),
                keras.layers.LSTM(2),
                keras.layers.Dense(1, "sigmoid"),
            ]
        )
    elif kind == "a class of one's own":
        network = OwnClass(rows)
    with caplog.at_level(logging.WARNING):
        served = preprocess.export_model(network, artifact, tmp_path / "served")
    assert ("cannot load again" in caplog.text) == (kind == "a class of one's own")
    texts = [str(row["text"]) for row in ROWS[:4]]
    expected = {}
    for features, _ in artifact.dataset("test", batch_size=8, keep=True):
        ids = features.pop("id").numpy()
        given = features if kind == "a class of one's own" else features["text"]
        given = {"text": given} if kind == "functional" else given
        answers = network(given)
        answers = answers["label"] if isinstance(answers, dict) else answers
        expected |= dict(zip(ids.tolist(), np.ravel(answers).tolist(), strict=True))
    found = [row["label"]["probability"] for row in served.predict(texts)]
    assert found == pytest.approx([expected[n] for n in range(4)], abs=1e-6)
    assert served.evaluate(artifact)["label"]["examples"] == 8
    preprocess.write_report(artifact, served, tmp_path / "report.html")
    assert "<html" in (tmp_path / "report.html").read_text()
    assert (kind == "a class of one's own") != bool(served.manifest.embeddings)


def test_what_is_exported_needs_tensorflow_alone(
    artifact: preprocess.Artifact, tmp_path: Path
) -> None:
    served = preprocess.export_model(own_network(artifact), artifact, tmp_path / "served")
    code = (
        "import sys, tensorflow as tf\n"
        "model = tf.saved_model.load(sys.argv[1])\n"
        "answers = model.signatures['serving_default'](text=tf.constant(['a good film']))\n"
        "print(float(answers['label'][0]))\n"
    )
    answered = float(run_python("-c", code, f"{served.path}/serving").stdout)
    [row] = served.predict("a good film")
    assert answered == pytest.approx(row["label"]["probability"], abs=1e-6)


def _model(artifact: preprocess.Artifact, **changes: Any) -> keras.Model:
    text = keras.Input((None,), dtype="int64", name=changes.get("input", "text"))
    other = keras.Input((), name="age")
    x = keras.layers.Embedding(20, 4)(text)
    x = keras.layers.GlobalAveragePooling1D()(x)
    x = keras.layers.Dense(changes.get("units", 1), changes.get("activation"))(x)
    if changes.get("second"):
        return keras.Model({"text": text, "age": other}, {"label": x})
    return keras.Model({"text": text}, {changes.get("output", "label"): x + changes.get("plus", 0)})


MISFITS = {
    "input": ({"second": True}, "got an input 'age', expected names of what the records hold"),
    "output": ({"output": "score"}, "got the outputs score, expected labels of the artifact"),
    "units": ({"units": 3, "activation": "sigmoid"}, r"shape \(batch, 3\), expected \(batch, 1\)"),
    "no probability": ({"plus": 7}, "for a binary label, expected probabilities from 0 to 1"),
}


@pytest.mark.parametrize(("changes", "message"), MISFITS.values(), ids=MISFITS)
def test_a_model_that_does_not_fit(
    changes: dict[str, Any], message: str, artifact: preprocess.Artifact, tmp_path: Path
) -> None:
    with pytest.raises(preprocess.UsageError, match=message):
        preprocess.export_model(_model(artifact, **changes), artifact, tmp_path / "served")
    assert os.listdir(tmp_path / "served") == [".text2seq"]


@pytest.mark.parametrize("call", [preprocess.Artifact.open, preprocess.TrainedModel.open])
def test_what_is_no_path(call: Any) -> None:
    with pytest.raises(preprocess.UsageError, match="got int, expected a path"):
        call(5)


def test_spec_and_model_file_as_dicts_are_explained(
    artifact: preprocess.Artifact, tmp_path: Path
) -> None:
    with pytest.raises(preprocess.SpecError, match=r"^spec: features\.text\.max_length: got -1"):
        preprocess.build({"features": {"text": {"max_length": -1}}}, "x.csv", tmp_path / "out")
    with pytest.raises(preprocess.SpecError, match=r"^model file: training\.epochs: got 0"):
        preprocess.train(artifact, {"training": {"epochs": 0}}, tmp_path / "model")


def test_errors_have_one_root() -> None:
    names = [name for name in preprocess.__all__ if name.endswith(("Error", "Failure"))]
    assert len(names) == 10
    assert all(issubclass(getattr(preprocess, name), preprocess.Text2SeqError) for name in names)


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import preprocess; print(len(sys.modules))"
    heavy = "print(sorted({'numpy', 'pyarrow', 'pydantic', 'tensorflow'} & set(sys.modules)))"
    assert run_python("-c", f"{code}; {heavy}").stdout.splitlines()[1] == "[]"


def test_small_models_answer_by_path(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1]}, declared=FULL).write(tmp_path / "artifact")
    model = preprocess.TrainedModel.open(SmallModel(artifact).write(tmp_path / "model"))
    with pytest.raises(preprocess.UsageError, match="got texts for a model of several columns"):
        model.predict(["a"])
