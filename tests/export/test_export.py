"""The exported model in a process that imports TensorFlow alone, and in all other forms."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from encoder_kinds import ENCODER_KINDS, small_encoder
from processes import run_python

from preprocess import (
    Predictor,
    WordIndex,
    dataset,
    read_model_manifest,
    train,
    word_vectors,
)
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.core.escaping import escape
from preprocess.export.serving_model import export_serving_model
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import plan_model
from preprocess.trained_model.model_layout import ModelLayout

pytestmark = pytest.mark.slow

PROBE = Path(__file__).parents[1] / "support/model_probe.py"
TOLERANCE = 1e-5
ODD = [
    "",
    " ",
    "\0",
    "日本語 テキスト 😀👍🏽 𝒳 Ǆ ﬁ",
    "İstanbul ISPARTA ıssız ΣΑΣ",
    "e\u0301 \u200d \ufeff \uffff \U0010ffff",
    "a" * 20_000,
    "word " * 5_000,
]
KINDS = """
features: {text: {max_length: 8}, title: {padding: pre, max_length: 4}, stars: {kind: numeric}}
labels:
  label: {kind: binary}
  topic: {kind: category}
  tags: {kind: multilabel, separator: " "}
  score: {kind: number}
  place: {kind: number, size: 2}
vocabularies: {words: {oov: drop}}
buckets: {by: text, count: 2}
"""


def _encoded(texts: list[bytes]) -> list[str]:
    return [base64.b64encode(text).decode() for text in texts]


def _probe(model: Path, calls: list[Any]) -> dict[str, Any]:
    """What a fresh process answers from a copy of `serving/`, with the model's folder away."""
    ended = run_python("-P", PROBE, ModelLayout(model).serving, given=json.dumps(calls))
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def rows(corpus: Any) -> list[dict[str, Any]]:
    """Rows of the corpus that can be used."""
    lines = (
        line for part in Path(corpus.spec).parent.glob("part-[012].jsonl") for line in part.open()
    )
    return [row for row in map(_row, lines) if row][:1000]


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if row.get("text") is not None and row.get("label") in (0, 1) else None


@pytest.fixture(scope="module")
def moved(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the model, elsewhere."""
    return Path(shutil.copytree(trained, tmp_path_factory.mktemp("moved") / "model"))


@pytest.fixture(scope="module")
def probed(moved: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    texts, stars = [row["text"].encode() for row in rows], [row["stars"] for row in rows]
    odd = [text.encode() for text in ODD] + [b"\xff\xfe", b"ok \xc3"]
    calls = [
        ["serving_default", {"text": _encoded(texts), "stars": stars}],
        ["serving_default", {"text": _encoded(texts[:1]), "stars": stars[:1]}],
        ["serving_examples", {"examples": _encoded([_example(row) for row in rows])}],
        ["tokenize", {"text": _encoded(texts[:5])}],
        ["serving_default", {"text": _encoded(odd), "stars": [0.0] * len(odd)}],
        *(["serving_default", {"text": _encoded([t]), "stars": [0.0]}] for t in odd[:3]),
    ]
    return _probe(moved, calls)


def _example(row: dict[str, Any]) -> bytes:
    example = tf.train.Example()
    example.features.feature["text"].bytes_list.value.append(row["text"].encode())
    example.features.feature["stars"].float_list.value.append(row["stars"])
    return example.SerializeToString()


def test_tensorflow_is_all_it_takes(probed: dict[str, Any]) -> None:
    ours = {"preprocess", "beam_jobs", "tensorflow_transform", "apache_beam", "tensorflow_text"}
    assert not ours & set(probed["modules"])


def test_signatures_take_raw_columns(probed: dict[str, Any]) -> None:
    assert probed["inputs"] == {
        "serving_default": ["stars", "text"],
        "serving_examples": ["examples"],
        "tokenize": ["text"],
    }


def test_a_fresh_process_answers_as_predict(
    probed: dict[str, Any], trained: Path, rows: list[dict[str, Any]]
) -> None:
    answers = probed["answers"][0]
    columns = {name: [row[name] for row in rows] for name in ("text", "stars")}
    predicted = Predictor(str(trained)).predict(columns)
    assert len(predicted) == len(rows) == 1000
    probabilities = [row["label"]["probability"] for row in predicted]
    np.testing.assert_allclose(answers["label"]["values"], probabilities, atol=TOLERANCE)
    assert answers["topic_class"]["values"] == [row["topic"]["class"] for row in predicted]
    topics = [list(row["topic"]["probabilities"].values()) for row in predicted]
    np.testing.assert_allclose(answers["topic"]["values"], topics, atol=TOLERANCE)


def test_a_fresh_process_answers_as_keras_on_the_records(
    probed: dict[str, Any], trained: Path, artifact: Path, rows: list[dict[str, Any]]
) -> None:
    model = keras.models.load_model(ModelLayout(trained).keras)
    expected = {
        key: answer
        for split in ("train", "validation", "test")
        for key, answer in _of_records(model, artifact, split)
    }
    found = probed["answers"][0]
    for index, row in enumerate(rows):
        label, topic = expected[row["id"]]
        assert found["label"]["values"][index] == pytest.approx(label, abs=TOLERANCE)
        assert found["topic"]["values"][index] == pytest.approx(topic, abs=TOLERANCE)


def _of_records(model: keras.Model, artifact: Path, split: str) -> Iterator[tuple[str, Any]]:
    for features, _ in dataset(str(artifact), split, batch_size=256, shuffle=False, keep=True):
        outputs = model({name: features[name] for name in ("text", "stars")})
        answers = zip(outputs["label"].numpy()[:, 0], outputs["topic"].numpy(), strict=True)
        yield from zip((key.decode() for key in features["id"].numpy()), answers, strict=True)


def test_a_batch_of_one_and_examples_are_answered_alike(probed: dict[str, Any]) -> None:
    whole, one, examples = probed["answers"][:3]
    for name in ("label", "topic"):
        np.testing.assert_allclose(one[name]["values"][0], whole[name]["values"][0], atol=TOLERANCE)
        np.testing.assert_allclose(examples[name]["values"], whole[name]["values"], atol=TOLERANCE)
    assert examples["topic_class"] == whole["topic_class"]


def test_tokenize_gives_ids_and_lengths(
    probed: dict[str, Any], artifact: Path, rows: list[dict[str, Any]]
) -> None:
    serving = tf.saved_model.load(str(artifact / "serving")).signatures["serving_default"]
    texts = tf.constant([row["text"] for row in rows[:5]])
    expected = serving(text=texts, stars=tf.zeros(5))
    found = probed["answers"][3]
    assert sorted(found) == ["text", "text_length"]
    for name, answer in found.items():
        assert answer["dtype"] == "int64"
        np.testing.assert_array_equal(answer["values"], expected[name])


def test_any_text_is_answered(probed: dict[str, Any]) -> None:
    together, *alone = probed["answers"][4:]
    values = np.array(together["label"]["values"])
    assert values.dtype == float and np.isfinite(values).all() and len(values) == len(ODD) + 2
    np.testing.assert_allclose(values[:2], values[0], atol=0)  # empty and blank: no token
    for index, answer in enumerate(alone):
        assert answer["label"]["values"][0] == pytest.approx(values[index], abs=TOLERANCE)


@pytest.fixture(scope="module")
def every_kind(build_once: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a head of each kind, on an artifact that drops unknown words."""
    rows = [
        {
            "text": f"w{n % 5} w{n % 3}",
            "title": f"w{n % 4}",
            "stars": n / 7,
            "label": n % 2,
            "topic": "ab"[n % 2],
            "tags": "x y" if n % 3 else "z",
            "score": n / 9,
            "place": [n / 5, -n / 5],
        }
        for n in range(40)
    ]
    artifact = build_once(KINDS, {"train=rows.jsonl": rows}, output="kinds")
    text = {"embedding": {"dim": 4}, "encoder": {"units": 3}, "share": True}
    output = tmp_path_factory.mktemp("kinds") / "model"
    train(str(artifact), ModelFile.model_validate({"text": text}), str(output), epochs=1)
    return output


def test_every_kind_of_head_is_served(every_kind: Path) -> None:
    texts = _encoded([b"w1 w2", b"unknown words only", b""])
    call = {"text": texts, "title": texts, "stars": [0.5] * 3}
    [found] = _probe(every_kind, [["serving_default", call]])["answers"]
    shapes = {name: np.shape(answer["values"]) for name, answer in found.items()}
    assert shapes == {
        "label": (3,),
        "topic": (3, 2),
        "topic_class": (3,),
        "tags": (3, 3),
        "score": (3,),
        "place": (3, 2),
    }
    np.testing.assert_allclose(np.sum(found["topic"]["values"], axis=1), 1, atol=TOLERANCE)
    for name, answer in found.items():  # no token is left of either text
        assert answer["values"][1] == answer["values"][2], name


@pytest.mark.parametrize("kind", ENCODER_KINDS)
def test_every_encoder_is_served_as_keras_answers(
    kind: str, artifact: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    text = {"embedding": {"dim": 4, "dropout": 0.5}, "encoder": small_encoder(kind, dropout=0.5)}
    opened = OpenedArtifact.open(str(artifact))
    plan = plan_model(ModelFile.model_validate({"text": text}), opened.manifest)
    trained, served = (build_model(plan, for_serving=serving) for serving in (False, True))
    served.set_weights(trained.get_weights())
    export_serving_model(opened, served, plan, tmp_path / "serving")
    graph, served_model = (
        tf.saved_model.load(str(folder / "serving")).signatures["serving_default"]
        for folder in (artifact, tmp_path)
    )
    texts = [row["text"] for row in rows[:100]] + ODD
    columns = {"text": tf.constant(texts), "stars": tf.zeros(len(texts))}
    transformed = graph(**columns)
    expected = trained({name: transformed[name] for name in columns}, training=False)
    found = served_model(**columns)
    assert np.ptp(expected["topic"], axis=0).max() > 1e-3
    np.testing.assert_allclose(found["label"], expected["label"][:, 0], atol=TOLERANCE)
    np.testing.assert_allclose(found["topic"], expected["topic"], atol=TOLERANCE)


def test_shared_features_have_one_embedding(every_kind: Path) -> None:
    manifest = read_model_manifest(str(every_kind))
    assert list(manifest.embeddings) == ["words"]
    assert sorted(path.name for path in ModelLayout(every_kind).embeddings.iterdir()) == [
        "projector_config.pbtxt",
        "words.metadata.tsv",
        "words.tsv",
    ]


def test_the_projector_reads_what_is_exported(trained: Path, artifact: Path) -> None:
    layout = ModelLayout(trained)
    rows = np.loadtxt(layout.vectors("words"), delimiter="\t", dtype=np.float32)
    model = keras.models.load_model(layout.keras)
    np.testing.assert_array_equal(rows, model.get_layer("text_embedding").embeddings.numpy())
    head, *lines = layout.metadata("words").read_text().split("\n")[:-1]
    assert head == "word\tcount" and len(lines) == len(rows)
    words = WordIndex.read(str(artifact / "vocabulary" / "words.tsv"))
    assert lines[:2] == ["[padding]\t0", "[OOV]\t0"]
    assert lines[2:] == [f"{escape(word)}\t{words.count(word)}" for word in words]
    config = layout.projector.read_text()
    assert 'tensor_path: "words.tsv"' in config and 'metadata_path: "words.metadata.tsv"' in config


def test_word_vectors_map_words_to_the_rows_of_their_ids(trained: Path, artifact: Path) -> None:
    words = WordIndex.read(str(artifact / "vocabulary" / "words.tsv"))
    model = keras.models.load_model(ModelLayout(trained).keras)
    rows = model.get_layer("text_embedding").embeddings.numpy()
    for vectors in (word_vectors(str(trained), "words"), word_vectors(model, words)):
        assert list(vectors) == list(words)
        for word in list(words)[::500]:
            np.testing.assert_array_equal(vectors[word], rows[words[word]])
    with pytest.raises(KeyError):
        vectors["no such word"]


def test_nearest_words_are_those_of_gensim(trained: Path) -> None:
    from gensim.models import KeyedVectors

    vectors = word_vectors(str(trained), "words")
    peer = KeyedVectors(8)
    peer.add_vectors(list(vectors), np.stack(list(vectors.values())))
    word = list(vectors)[10]
    expected, found = peer.most_similar(word, topn=5), vectors.nearest(word, 5)
    assert [name for name, _ in found] == [name for name, _ in expected]
    np.testing.assert_allclose([c for _, c in found], [c for _, c in expected], atol=1e-5)


def test_word_vectors_say_what_is_wrong(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="got 'wörds', expected one of words"):
        word_vectors(str(trained), "wörds")
    with pytest.raises(UsageError, match="got the name 'words' beside a Keras model"):
        word_vectors(keras.Sequential([keras.Input((2,))]), "words")
    with pytest.raises(UsageError, match="got a model with 0 embeddings"):
        word_vectors(keras.Sequential([keras.Input((2,))]), {"a": 1})
    with pytest.raises(ArtifactError, match=r"has no model\.json"):
        word_vectors(str(tmp_path), "words")
