"""What every reader of an artifact may rely on, shown on the one artifact of the session."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest
import tensorflow as tf
import tensorflow_transform as tft
from artifact_files import (
    by_id,
    manifest_of,
    raw_records,
    records_of,
    rejected_of,
    rows_of,
    shards_of,
    statistics_of,
    stray_files,
    stream_of,
    words_of,
)
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorflow_metadata.proto.v0 import schema_pb2
from tensorflow_transform.tf_metadata import schema_utils
from tf_keras.preprocessing.text import text_to_word_sequence

pytestmark = pytest.mark.slow

OOV, MAX_LENGTH = 1, 200


@pytest.fixture(scope="module")
def words(artifact):
    return words_of(artifact)


@pytest.fixture(scope="module")
def rows(corpus):
    """The raw rows that were not rejected, by id."""
    found = rows_of(sorted(Path(corpus.spec).parent.glob("part-*")))
    return {r["id"]: r for r in found if r["text"] is not None and r["label"] in (0, 1)}


@pytest.fixture(scope="module")
def records(artifact):
    return by_id(records_of(artifact))


@pytest.fixture(scope="module")
def answer(artifact):
    return tf.saved_model.load(str(artifact / "serving")).signatures["serving_default"]


@pytest.fixture(scope="module")
def layer(artifact):
    return tft.TFTransformOutput(str(artifact / "transform")).transform_features_layer()


def expected_ids(words, text):
    return [words.get(word, OOV) for word in text_to_word_sequence(text)][:MAX_LENGTH]


def test_every_row_is_a_record(rows, records):
    assert {name.decode() for name in records} == set(rows)


def test_the_ids_are_those_of_the_words(rows, records, words):
    for name, row in rows.items():
        record = records[name.encode()]
        ids = expected_ids(words, row["text"])
        assert record["text"][: len(ids)] == ids and not any(record["text"][len(ids) :])
        assert record["text_length"] == len(ids)


def test_labels_and_kept_columns_are_those_of_the_rows(rows, records):
    topics = ["books", "films", "games", "hotels"]
    for name, row in rows.items():
        record = records[name.encode()]
        assert (record["label"], topics[record["topic"]]) == (row["label"], row["topic"])


def test_the_features_layer_answers_texts_alone(artifact, layer, rows, records, words):
    some = list(rows.values())[::50]
    outputs = layer.call({"text": tf.constant([row["text"] for row in some])})
    assert outputs["text"].to_list() == [expected_ids(words, row["text"]) for row in some]
    lengths = [records[row["id"].encode()]["text_length"] for row in some]
    assert outputs["text_length"].numpy().tolist() == lengths


def test_the_signature_asks_for_features_only(answer):
    asked = answer.structured_input_signature[1]
    assert {n: (s.dtype.name, s.shape.rank) for n, s in asked.items()} == {
        "text": ("string", 1),
        "stars": ("float32", 1),
    }
    assert set(answer.structured_outputs) == {"text", "text_length", "stars"}


def test_word_files_agree(artifact, words):
    lines = (artifact / "vocabulary/words.tsv").read_text(encoding="utf-8").split("\n")[:-1]
    assert {t: int(i) for t, i, _ in (line.split("\t") for line in lines)} == {
        token.replace("\\", "\\\\").replace("\r", "\\r"): i for token, i in words.items()
    }
    counts = [int(line.split("\t")[2]) for line in lines]
    assert counts == sorted(counts, reverse=True) and counts[-1] >= 2
    assert list(words.values()) == list(range(2, len(words) + 2))
    assert manifest_of(artifact)["vocabulary_sizes"] == {"words": len(words) + 2}


def test_counts_are_those_of_the_train_split(artifact, rows, words):
    train = [record["id"].decode() for record in records_of(artifact, "train")]
    counted = Counter(w for name in train for w in text_to_word_sequence(rows[name]["text"]))
    known = sorted((-n, w.encode()) for w, n in counted.items() if n >= 2)[:10_000]
    assert list(words) == [word.decode() for _, word in known]


def test_serving_answers_every_word_with_its_id(answer, words):
    ids = answer(text=tf.constant(list(words)), stars=tf.zeros(len(words)))["text"]
    assert ids.numpy()[:, 0].tolist() == list(words.values())


def test_the_classes(artifact, rows):
    train = [record["id"].decode() for record in records_of(artifact, "train")]
    counts = Counter(rows[name]["topic"] for name in train)
    lines = (artifact / "vocabulary/topic.classes.txt").read_text().splitlines()
    assert lines == [f"{name}\t{counts[name]}" for name in sorted(counts)]
    assert manifest_of(artifact)["classes"] == {"topic": sorted(counts)}


def test_the_manifest_describes_every_file(artifact):
    assert stray_files(artifact) == set()
    for file in manifest_of(artifact)["files"]:
        data = (artifact / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])


def test_the_manifest_describes_the_records(artifact):
    files = {file["path"]: file for file in manifest_of(artifact)["files"]}
    shards = shards_of(artifact)
    assert len(shards) == 3 * 6 * 2
    for shard in shards:
        file = files[str(shard.relative_to(artifact))]
        assert file["records"] == len(raw_records(shard))
        assert file["sha256_records"] == hashlib.sha256(stream_of(shard)).hexdigest()


def test_the_books(artifact, corpus):
    manifest = manifest_of(artifact)
    books = manifest["rows"]
    assert books["read"] == 3_060 == sum(books["written"].values()) + books["rejected"]
    assert books["rejected"] == len(rejected_of(artifact)) == 7
    for split, written in books["written"].items():
        assert written == len(records_of(artifact, split))
    for key in ("read", "rejected"):
        assert sum(file[key] for file in manifest["inputs"]) == books[key]
    on_disk = {str(p): p.stat().st_size for p in Path(corpus.spec).parent.glob("part-*")}
    assert {file["path"]: file["bytes"] for file in manifest["inputs"]} == on_disk


def test_rejected_rows_are_listed(artifact):
    reasons = Counter(row["reason"].split(" (")[0] for row in rejected_of(artifact))
    assert reasons == {
        "got broken JSON": 3,
        "column 'text': got nothing": 2,
        "column 'label': got 7, expected 0, 1, false or true": 2,
    }


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_statistics_add_up(artifact, rows, words, split):
    counts = statistics_of(artifact)[split]
    records = records_of(artifact, split)
    tokens = [text_to_word_sequence(rows[r["id"].decode()]["text"]) for r in records]
    assert counts["records"] == len(records) > 100
    text = counts["features"]["text"]
    assert text["tokens"] == sum(map(len, tokens))
    assert text["oov"] == sum(word not in words for row in tokens for word in row) > 0
    assert text["oov_fraction"] == text["oov"] / text["tokens"]
    lengths = Counter(str(record["text_length"]) for record in records)
    assert text["lengths"] == lengths
    for label in ("label", "topic"):
        assert counts["labels"][label] == Counter(str(record[label]) for record in records)


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_statistics_of_buckets_add_up(artifact, split):
    counts, kept, padded = statistics_of(artifact)[split], 0, 0
    for name, bucket in counts["buckets"].items():
        records = records_of(artifact, split, name)
        boundary = int(name.removeprefix("bucket-"))
        assert {len(record["text"]) for record in records} == {boundary}
        assert bucket["records"] == len(records)
        assert bucket["tokens"] == sum(record["text_length"] for record in records)
        assert bucket["padded_tokens"] == boundary * len(records)
        assert bucket["padding_fraction"] == 1 - bucket["tokens"] / bucket["padded_tokens"]
        kept, padded = kept + bucket["tokens"], padded + bucket["padded_tokens"]
    assert sum(bucket["records"] for bucket in counts["buckets"].values()) == counts["records"]
    assert counts["padding_fraction"] == manifest_of(artifact)["padding_fractions"][split]
    assert counts["padding_fraction"] == 1 - kept / padded


def test_the_schemas_fit_the_records(artifact):
    boundaries = manifest_of(artifact)["buckets"]["boundaries"]
    names = {f"bucket-{boundary:05d}" for boundary in boundaries}
    assert {p.stem for p in artifact.glob("schema/*.pbtxt")} == names | {"raw"}
    for name in names:
        schema = parsed(artifact / f"schema/{name}.pbtxt")
        spec = schema_utils.schema_as_feature_spec(schema).feature_spec
        assert spec["text"].shape == [int(name.removeprefix("bucket-"))]
        shards = shards_of(artifact, "train", name)
        serialized = [record for shard in shards for record in raw_records(shard)]
        values = tf.io.parse_example(serialized, spec)  # refuses what does not fit
        assert {n: (v.dtype.name, v.shape.rank) for n, v in values.items()} == {
            "text": ("int64", 2),
            **dict.fromkeys(("text_length", "label", "topic"), ("int64", 1)),
            "stars": ("float32", 1),
            "id": ("string", 1),
        }


def test_the_raw_schema(artifact):
    kinds = {f.name: f.type for f in parsed(artifact / "schema/raw.pbtxt").feature}
    assert kinds == {
        "text": schema_pb2.BYTES,
        "stars": schema_pb2.FLOAT,
        "label": schema_pb2.INT,
        "topic": schema_pb2.BYTES,
        "id": schema_pb2.BYTES,
    }


def parsed(path):
    return text_format.Parse(path.read_text(), schema_pb2.Schema())


@pytest.fixture(scope="module")
def texts(words):
    """Texts of any Unicode, and of words of the vocabulary in any case."""
    known = st.sampled_from(sorted(words))
    word = known | known.map(str.upper) | known.map(str.title) | st.text(max_size=4)
    sentence = st.lists(word, max_size=12).map(" ".join)
    return st.lists(sentence | st.text(), min_size=1, max_size=30)


def test_python_graph_and_serving_agree_on_any_text(texts, words, answer, layer):
    @settings(max_examples=60)
    @given(texts=texts)
    def check(texts):
        expected = [expected_ids(words, text) for text in texts]
        batch = tf.constant(texts)
        assert layer.call({"text": batch})["text"].to_list() == expected
        answered = answer(text=batch, stars=tf.zeros(len(texts)))
        width = max(1, *map(len, expected))
        assert answered["text"].numpy().tolist() == [
            ids + [0] * (width - len(ids)) for ids in expected
        ]
        assert answered["text_length"].numpy().tolist() == [len(ids) for ids in expected]

    check()
