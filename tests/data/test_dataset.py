"""Batches from hand-made artifacts: every record once, one bucket a batch, the order by seed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import run_python
from small_artifact import FULL, PLAIN, SmallArtifact

import preprocess
from preprocess import dataset, feature_spec
from preprocess.artifact.layout import Layout
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.data.batching import DEFAULT_BATCH_SIZE, Batching

LENGTHS = {"train": [n % 9 for n in range(41)], "test": [5, 6, 8], "empty": []}
BOUNDARIES = (2, 4, 8)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> str:
    return SmallArtifact(LENGTHS).write(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    return SmallArtifact(LENGTHS, declared=FULL).write(tmp_path_factory.mktemp("full"))


def _ids(batches: Iterable) -> list[int]:
    return [int(i) for features, _ in batches for i in features["id"].numpy()]


def _expected_batches(batching: Batching) -> int:
    buckets = [[n for n in LENGTHS["train"] if a < n <= b] for a, b in ((-1, 2), (2, 4), (4, 8))]
    return sum(
        -(-len(own) // batching.examples(b)) for own, b in zip(buckets, BOUNDARIES, strict=True)
    )


OPTIONS = st.one_of(
    st.fixed_dictionaries({"batch_size": st.integers(1, 50)}),
    st.fixed_dictionaries({"batch_tokens": st.integers(1, 100)}),
)


@settings(max_examples=15)
@given(
    options=OPTIONS,
    seed=st.integers(0, 2**63 - 1),
    epoch=st.integers(0, 2**40),
    buffer=st.integers(1, 50),
    shuffle=st.booleans(),
)
def test_every_record_once_and_one_bucket_a_batch(
    artifact: str, options: dict, seed: int, epoch: int, buffer: int, shuffle: bool
) -> None:
    batches = dataset(
        artifact,
        seed=seed,
        epoch=epoch,
        shuffle_buffer=buffer,
        shuffle=shuffle,
        keep=True,
        **options,
    )
    read, batching = list(batches), Batching(**options)
    assert sorted(_ids(read)) == list(range(41))
    assert len(read) == int(batches.cardinality()) == _expected_batches(batching)
    for features, labels in read:
        count, boundary = features["text"].shape
        assert count == labels["label"].shape[0] <= batching.examples(boundary)
        lengths = features["text_length"].numpy()
        assert all(min(b for b in BOUNDARIES if b >= n) == boundary for n in lengths)
        assert ((features["text"].numpy() > 0).sum(axis=1) == lengths).all()
        assert (labels["label"].numpy() == features["id"].numpy() % 2).all()


@settings(max_examples=6)
@given(size=st.integers(1, 9), shuffle=st.booleans())
def test_drop_remainder_leaves_full_batches(artifact: str, size: int, shuffle: bool) -> None:
    batches = dataset(artifact, batch_size=size, drop_remainder=True, shuffle=shuffle, keep=True)
    ids = _ids(batches)
    assert len(set(ids)) == len(ids) == size * int(batches.cardinality())
    assert batches.element_spec[1]["label"].shape == (size,)


def test_same_seed_and_epoch_same_order(artifact: str) -> None:
    first = _ids(dataset(artifact, batch_size=4, seed=3, epoch=2, keep=True))
    assert _ids(dataset(artifact, batch_size=4, seed=3, epoch=2, keep=True)) == first
    assert _ids(dataset(artifact, batch_size=4, seed=3, epoch=1, keep=True)) != first
    assert _ids(dataset(artifact, batch_size=4, seed=2, epoch=3, keep=True)) != first


def test_iterations_are_epochs(artifact: str) -> None:
    batches = dataset(artifact, batch_size=4, epoch=5, keep=True)
    iterations = [_ids(batches) for _ in range(3)]
    assert iterations == [
        _ids(dataset(artifact, batch_size=4, epoch=e, keep=True)) for e in (5, 6, 7)
    ]
    assert len({tuple(ids) for ids in iterations}) == 3


def test_order_is_independent_of_the_programs_own_seed(artifact: str) -> None:
    expected = _ids(dataset(artifact, batch_size=4, keep=True))
    try:
        keras.utils.set_random_seed(7)
        before = tf.random.uniform(()).numpy()
        keras.utils.set_random_seed(7)
        assert _ids(dataset(artifact, batch_size=4, keep=True)) == expected
        assert tf.random.uniform(()).numpy() == before  # nor the other way round
    finally:
        tf.random.set_seed(None)


# Literal, so that neither a change here nor another TensorFlow changes the order unseen.
GOLDEN_IDS = [
    9,
    11,
    37,
    29,
    27,
    1,
    2,
    20,
    19,
    0,
    6,
    26,
    16,
    33,
    8,
    38,
    18,
    28,
    10,
    36,
    39,
    30,
    4,
    22,
    40,
    14,
    23,
    32,
    7,
    34,
    17,
    25,
    24,
    15,
    35,
    5,
    31,
    12,
    21,
    13,
    3,
]
GOLDEN_BUCKETS = [2, 2, 8, 2, 4, 8, 8, 8, 4]


def test_golden_order(artifact: str) -> None:
    batches = list(dataset(artifact, batch_size=5, seed=1, epoch=0, keep=True))
    assert [features["text"].shape[1] for features, _ in batches] == GOLDEN_BUCKETS
    assert _ids(batches) == GOLDEN_IDS


def test_same_order_in_a_fresh_process(artifact: str) -> None:
    program = (
        "import sys, preprocess\n"
        "batches = preprocess.dataset(sys.argv[1], batch_size=5, seed=1, keep=True)\n"
        "print([int(i) for features, _ in batches for i in features['id'].numpy()])\n"
    )
    assert json.loads(run_python("-c", program, artifact).stdout) == GOLDEN_IDS


def test_shuffles_within_and_across_buckets(artifact: str) -> None:
    read = list(dataset(artifact, batch_size=3, keep=True))
    widths = [features["text"].shape[1] for features, _ in read]
    assert widths != sorted(widths)
    for boundary in BOUNDARIES:
        ids = _ids([batch for batch in read if batch[0]["text"].shape[1] == boundary])
        assert ids != sorted(ids)


def test_without_shuffle_buckets_ascend_and_files_are_in_order(artifact: str) -> None:
    ids = _ids(dataset(artifact, batch_size=3, shuffle=False, keep=True))
    opened, stored = OpenedArtifact.open(artifact), []
    for boundary in BOUNDARIES:
        paths = [f"{artifact}/{file.path}" for file in opened.shards("train", boundary)]
        for record in tf.data.TFRecordDataset(paths, "GZIP"):
            parsed = tf.io.parse_single_example(record, feature_spec(artifact, boundary))
            stored.append(int(parsed["id"]))
    assert ids == stored


def test_batch_tokens_is_examples_by_boundary() -> None:
    batching = Batching(batch_tokens=100)
    assert [batching.examples(b) for b in (1, 30, 100, 101, 1000)] == [100, 3, 1, 1, 1]
    assert Batching().examples(7) == DEFAULT_BATCH_SIZE
    assert [Batching(4).batches(n, 8) for n in (0, 1, 4, 5)] == [0, 1, 1, 2]
    assert [Batching(4, None, True).batches(n, 8) for n in (0, 3, 4, 7)] == [0, 0, 1, 1]


def test_features_and_labels_of_every_kind(full: str) -> None:
    [(features, labels)] = dataset(full, "test", batch_size=5, shuffle=False, keep=True)
    assert features["text"].numpy().tolist() == [
        [2, 3, 4, 5, 2, 0, 0, 0],
        [4, 5, 2, 3, 4, 5, 2, 3],
        [3, 4, 5, 2, 3, 4, 0, 0],
    ]
    assert features["text_length"].numpy().tolist() == [5, 8, 6]
    assert features["title"].numpy().tolist() == [[0, 0, 1]] * 3
    assert features["stars"].numpy().tolist() == [0.0, 1.0, 0.5]
    assert features["id"].numpy().tolist() == [0, 2, 1]
    assert features["source"].numpy().tolist() == [b"row 0", b"row 2", b"row 1"]
    assert labels["topic"].numpy().tolist() == [0, 0, 1]
    assert labels["tags"].numpy().tolist() == [[1, 0, 0], [1, 0, 0], [1, 0, 1]]
    assert labels["score"].numpy().tolist() == [0.0, 0.5, 0.25]
    assert labels["place"].numpy().tolist() == [[0.0, -1.0], [0.5, -1.0], [0.25, -1.0]]


def _shapes(specs: dict[str, tf.TensorSpec]) -> dict[str, tuple[str, list[int | None]]]:
    return {name: (spec.dtype.name, spec.shape.as_list()) for name, spec in specs.items()}


def test_element_spec(full: str) -> None:
    features, labels = dataset(full).element_spec
    assert _shapes(features) == {
        "text": ("int64", [None, None]),
        "text_length": ("int64", [None]),
        "title": ("int64", [None, 3]),
        "title_length": ("int64", [None]),
        "stars": ("float32", [None]),
    }
    assert _shapes(labels) == {
        "label": ("int64", [None]),
        "topic": ("int64", [None]),
        "tags": ("int64", [None, 3]),
        "score": ("float32", [None]),
        "place": ("float32", [None, 2]),
    }


@pytest.mark.parametrize("shuffle", [True, False])
def test_empty_split(full: str, shuffle: bool) -> None:
    batches = dataset(full, "empty", shuffle=shuffle)
    assert list(batches) == []
    assert int(batches.cardinality()) == 0
    assert batches.element_spec == dataset(full, "train").element_spec


@pytest.mark.parametrize("compression", ["gzip", "none"])
@pytest.mark.parametrize("shards", [1, 7])
def test_compressions_and_shards(tmp_path: Path, compression: str, shards: int) -> None:
    small = SmallArtifact({"train": [1, 7, 8, 8]}, shards=shards, compression=compression)
    assert sorted(_ids(dataset(small.write(tmp_path), keep=True))) == [0, 1, 2, 3]


def test_one_bucket_has_a_fixed_length(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1, 7]}, boundaries=(8,)).write(tmp_path)
    assert dataset(artifact).element_spec[0]["text"].shape.as_list() == [None, 8]


def test_no_labels(tmp_path: Path) -> None:
    declared = {key: value for key, value in PLAIN.items() if key != "labels"}
    artifact = SmallArtifact({"train": [1, 7]}, declared=declared).write(tmp_path)
    assert [labels for _, labels in dataset(artifact)] == [{}, {}]


def test_feature_spec_reads_records(full: str) -> None:
    spec = feature_spec(full, 8)
    assert spec["text"] == tf.io.FixedLenFeature((8,), tf.int64)
    assert spec["source"] == tf.io.FixedLenFeature((), tf.string)
    path = Layout(full).path(OpenedArtifact.open(full).shards("test", 8)[0].path)
    records = list(tf.data.TFRecordDataset(path, "GZIP"))
    parsed = tf.io.parse_example(tf.stack(records), spec)
    assert parsed["text"].shape == (2, 8)


def _model() -> keras.Model:
    text = keras.Input((None,), dtype="int64", name="text")
    embedded = keras.layers.Embedding(6, 4, mask_zero=True)(text)
    # `use_cudnn=False`: an empty text is all mask.
    state = keras.layers.LSTM(3, use_cudnn=False)(embedded)
    label = keras.layers.Dense(1, activation="sigmoid", name="label")(state)
    model = keras.Model({"text": text}, {"label": label})
    model.compile("adam", {"label": "binary_crossentropy"})
    return model


class _Steps(keras.callbacks.Callback):
    def __init__(self) -> None:
        super().__init__()
        self.steps: list[int] = []

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.steps.append(0)

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        self.steps[-1] += 1


def test_keras_fits_on_it(artifact: str) -> None:
    steps, batches = _Steps(), dataset(artifact, batch_size=8)
    history = _model().fit(batches, epochs=2, verbose=0, callbacks=[steps])
    assert steps.steps == [int(batches.cardinality())] * 2
    assert np.isfinite(history.history["loss"]).all()


def test_keras_epochs_are_the_datasets_epochs(artifact: str) -> None:
    seen: list[int] = []

    def watched(features: dict, labels: dict) -> tuple[dict, dict]:
        tf.py_function(lambda ids: seen.extend(map(int, ids)), [features["id"]], [])
        return {"text": features["text"]}, labels

    batches = dataset(artifact, batch_size=8, epoch=4, keep=True)
    _model().fit(batches.map(watched), epochs=2, verbose=0)
    assert seen == [
        i for e in (4, 5) for i in _ids(dataset(artifact, batch_size=8, epoch=e, keep=True))
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "dev"}, "got the split 'dev', expected one of train, test, empty"),
        ({"batch_size": 8, "batch_tokens": 8}, "got batch_size=8 and batch_tokens=8, expected one"),
        ({"batch_size": 0}, "got batch_size=0, expected at least 1"),
        ({"batch_tokens": -1}, "got batch_tokens=-1, expected at least 1"),
        ({"seed": -1}, "got seed=-1, expected at least 0"),
        ({"seed": 2**63}, "got seed=9223372036854775808, expected"),
        ({"epoch": -1}, "got epoch=-1, expected at least 0"),
        ({"batch_size": 2.5}, r"got batch_size=2\.5, expected an integer of at least 1"),
        ({"batch_size": True}, "got batch_size=True, expected an integer of at least 1"),
        ({"batch_tokens": "8"}, "got batch_tokens='8', expected an integer of at least 1"),
        ({"seed": 1.0}, r"got seed=1\.0, expected an integer of at least 0"),
        ({"shuffle_buffer": [1]}, r"got shuffle_buffer=\[1\], expected an integer"),
        ({"shuffle_buffer": 0}, "got shuffle_buffer=0, expected at least 1"),
    ],
)
def test_refuses_options(artifact: str, options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        dataset(artifact, **options)


def test_refuses_an_unknown_bucket(artifact: str) -> None:
    with pytest.raises(UsageError, match="got the bucket 3, expected one of 2, 4, 8"):
        feature_spec(artifact, 3)


def test_refuses_a_missing_or_unfinished_artifact(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"has no manifest\.json"):
        dataset(str(tmp_path / "none"))
    (tmp_path / "examples").mkdir()
    with pytest.raises(ArtifactError, match="run `text2seq build` to its end"):
        feature_spec(str(tmp_path), 8)


def test_refuses_a_missing_record_file(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1, 7], "test": [1]}).write(tmp_path)
    file = OpenedArtifact.open(artifact).shards("train", 8)[0]
    Path(artifact, file.path).unlink()
    with pytest.raises(ArtifactError, match=r"part-00000-of-00002.*: got no such file, expected"):
        dataset(artifact)
    assert len(list(dataset(artifact, "test"))) == 1  # which doesn't need that file


def test_refuses_a_record_file_of_another_size(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1, 7]}).write(tmp_path)
    file = OpenedArtifact.open(artifact).shards("train", 2)[0]
    path = Path(artifact, file.path)
    path.write_bytes(path.read_bytes()[:-1])
    expected = rf"got {file.bytes - 1} bytes, expected {file.bytes} bytes .* run `text2seq build`"
    with pytest.raises(ArtifactError, match=expected):
        dataset(artifact)


def test_public_face_is_lazy() -> None:
    program = (
        "import sys, preprocess\n"
        "assert 'tensorflow' not in sys.modules and 'pydantic' not in sys.modules\n"
        "preprocess.WordIndex, preprocess.Spec, preprocess.load_spec, preprocess.read_manifest\n"
        "assert 'tensorflow' not in sys.modules\n"
    )
    run_python("-c", program)


def test_public_face() -> None:
    assert preprocess.dataset is dataset
    assert preprocess.feature_spec is feature_spec
    assert all(hasattr(preprocess, name) for name in preprocess.__all__)
    assert set(preprocess.__all__) <= set(dir(preprocess))
    with pytest.raises(AttributeError, match="has no attribute 'datasett'"):
        preprocess.datasett  # noqa: B018
