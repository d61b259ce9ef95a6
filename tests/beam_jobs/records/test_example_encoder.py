"""Records: padding, multi-hot labels, the bytes of an example, and fingerprints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf
from beam_rows import RECORDS, SPEC
from hypothesis import given
from hypothesis import strategies as st
from tf_keras.preprocessing.sequence import pad_sequences

from beam_jobs.records import example_encoder
from beam_jobs.records.example_encoder import ExampleEncoder, multi_hot, pad_lists
from beam_jobs.runtime.packing import lists
from preprocess.spec import Spec

ENCODER = ExampleEncoder(RECORDS)
UINTS = [pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]

# Split halves of SipHash; a change of these reshuffles every artifact.
GOLDEN = [
    (7501462997117806703, 3395692783749721894),
    (7065496017968828346, 8942407280117808887),
]


def rows(dtype: pa.DataType = UINTS[0]) -> pa.RecordBatch:
    return pa.record_batch(
        {
            "_source": pa.array([0, 1], pa.int32()),
            "_row": pa.array([5, 6]),
            "text": pa.array([[3, 4], []], pa.list_(dtype)),
            "title": pa.array([[1], [2, 1]], pa.list_(dtype)),
            "stars": pa.array([0.5, -1.0], pa.float32()),
            "label": pa.array([0, 1]),
            "topic": pa.array([1, 0]),
            "tags": pa.array([[0, 2], []], pa.list_(pa.int64())),
            "score": pa.array([0.25, 2.0], pa.float32()),
            "place": pa.array([[1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float32())),
            "id": pa.array([7, 8]),
            "source": pa.array([b"x", b"\xff"]),
        }
    )


def _parsed(record: bytes) -> dict[str, list]:
    features = tf.train.Example.FromString(record).features.feature
    return {name: list(getattr(f, f.WhichOneof("kind")).value) for name, f in features.items()}


def test_a_record() -> None:
    first, second = map(_parsed, ENCODER.examples(rows(), 4))
    assert first == {
        "text": [3, 4, 0, 0],
        "text_length": [2],
        "title": [0, 0, 1],
        "title_length": [1],
        "stars": [0.5],
        "label": [0],
        "topic": [1],
        "tags": [1, 0, 1],
        "score": [0.25],
        "place": [1.0, 2.0],
        "id": [7],
        "source": [b"x"],
    }
    assert (second["text"], second["text_length"]) == ([0, 0, 0, 0], [0])
    assert (second["title"], second["tags"], second["source"]) == ([0, 2, 1], [0, 0, 0], [b"\xff"])


def test_keys_stand_in_sorted_order() -> None:
    for record in ENCODER.examples(rows(), 4):
        places = [
            record.index(b"\x0a%c%s\x12" % (len(k), k.encode())) for k in sorted(_parsed(record))
        ]
        assert places == sorted(places)


def test_equal_rows_are_equal_bytes() -> None:
    assert len({ENCODER.examples(rows(), 4)[0] for _ in range(20)}) == 1


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=4))
def test_records_of_any_size_parse(sizes: list[int]) -> None:
    batch = rows().take(pa.array([0] * len(sizes)))
    sources = [bytes(size) for size in sizes]
    records = ENCODER.examples(batch.set_column(11, "source", pa.array(sources)), 4)
    assert [_parsed(record)["source"] for record in records] == [[source] for source in sources]
    for record in records:
        example = tf.train.Example.FromString(record)
        assert example.ByteSize() == len(record)  # as protobuf itself writes it


def test_the_bucket_decides_on_the_length() -> None:
    assert [len(_parsed(record)["text"]) for record in ENCODER.examples(rows(), 2)] == [2, 2]


def test_no_rows() -> None:
    assert ENCODER.examples(rows().slice(0, 0), 4) == []


@pytest.mark.parametrize("dtype", UINTS)
def test_records_do_not_depend_on_the_dtype_of_ids(dtype: pa.DataType) -> None:
    assert ENCODER.examples(rows(dtype), 4) == ENCODER.examples(rows(), 4)


def test_a_sequence_longer_than_its_bucket_is_an_error() -> None:
    with pytest.raises(ValueError):
        pad_lists(pa.array([[1, 2, 3]], pa.list_(pa.uint8())), 2, "post")


@pytest.mark.parametrize(
    ("side", "expected"),
    [("post", [[1, 2, 0], [0, 0, 0], [3, 0, 0]]), ("pre", [[0, 1, 2], [0, 0, 0], [0, 0, 3]])],
)
@pytest.mark.parametrize("dtype", UINTS)
def test_pad_lists(dtype: pa.DataType, side: str, expected: list[list[int]]) -> None:
    padded = pad_lists(pa.array([[1, 2], [], [3]], pa.list_(dtype)), 3, side)
    assert padded.type == pa.list_(pa.int64())
    assert padded.to_pylist() == expected


@given(st.lists(st.lists(st.integers(1, 2**40), max_size=5), min_size=1, max_size=6))
def test_pad_lists_equals_keras(ids: list[list[int]]) -> None:
    column = pa.array(ids, pa.list_(pa.uint64()))
    for side in ("post", "pre"):
        keras = pad_sequences(ids, maxlen=6, padding=side, dtype=np.int64)
        assert pad_lists(column, 6, side).to_pylist() == keras.tolist()


def test_pad_lists_of_a_slice() -> None:
    column = pa.array([[9, 9], [1], [2, 3]], pa.list_(pa.uint8())).slice(1)
    assert pad_lists(column, 2, "post").to_pylist() == [[1, 0], [2, 3]]


@given(st.lists(st.lists(st.integers(0, 4), unique=True), max_size=6))
def test_multi_hot(indices: list[list[int]]) -> None:
    column = lists(
        np.array([i for row in indices for i in row], np.int64),
        np.array([len(row) for row in indices], np.int64),
    )
    expected = [[int(c in row) for c in range(5)] for row in indices]
    assert multi_hot(column, 5).to_pylist() == expected


def _fingerprints(batch: pa.RecordBatch, spec: Spec = SPEC) -> list[tuple[int, int]]:
    high, low = ExampleEncoder(replace(RECORDS, spec=spec)).fingerprints(batch)
    return list(zip(high.tolist(), low.tolist(), strict=True))


def test_golden_fingerprints() -> None:
    assert _fingerprints(rows()) == GOLDEN


@pytest.mark.parametrize("dtype", UINTS)
def test_fingerprints_do_not_depend_on_the_dtype_of_ids(dtype: pa.DataType) -> None:
    assert _fingerprints(rows(dtype)) == GOLDEN


def test_fingerprints_do_not_depend_on_the_place_of_a_row() -> None:
    batch = rows()
    moved = batch.set_column(1, "_row", pa.array([0, 99])).take(pa.array([1, 0]))
    assert _fingerprints(moved) == GOLDEN[::-1]


def test_fingerprints_depend_on_content_and_seed() -> None:
    other = rows().set_column(10, "id", pa.array([7, 9]))
    assert _fingerprints(other)[0] == GOLDEN[0]
    assert _fingerprints(other)[1] != GOLDEN[1]
    seeded = Spec.model_validate({**SPEC.model_dump(), "output": {"seed": 2**63 - 1}})
    found = _fingerprints(rows(), seeded)
    assert not {half for pair in found for half in pair} & {
        half for pair in GOLDEN for half in pair
    }
    assert all(0 <= half < 2**63 for pair in found for half in pair)


@pytest.mark.parametrize("boundary", [1, 4, 1_000, 65_536, 1_000_000, 10_000_000])
def test_a_chunk_holds_a_bounded_number_of_numbers(boundary: int) -> None:
    buckets = RECORDS.buckets.model_copy(update={"boundaries": [boundary]})
    records = replace(RECORDS, buckets=buckets)
    wide = sum(int(np.prod(column.shape)) for column in records.columns(boundary).values())
    rows = ExampleEncoder(records).chunk_rows(boundary)
    assert 1 <= rows <= 1024
    assert rows == 1 or rows * wide <= 1_000_000
    assert rows == 1024 or (rows + 1) * wide > 1_000_000


def test_many_classes_bound_a_chunk_of_fingerprints() -> None:
    classes = {**RECORDS.classes, "tags": [str(n) for n in range(100_000)]}
    encoder = ExampleEncoder(replace(RECORDS, classes=classes))
    assert encoder.chunk_rows(None) == 9


def test_fingerprints_do_not_depend_on_the_size_of_a_chunk(monkeypatch) -> None:
    monkeypatch.setattr(example_encoder, "_CHUNK_NUMBERS", 1)
    assert _fingerprints(rows()) == GOLDEN
    assert _fingerprints(rows().slice(1)) == GOLDEN[1:]
    assert _fingerprints(rows().slice(2)) == []
