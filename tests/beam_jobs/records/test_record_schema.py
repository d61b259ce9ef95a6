"""The schema of records: every kind of column, as literals."""

from __future__ import annotations

import tensorflow as tf
from beam_rows import RECORDS
from google.protobuf import text_format

from beam_jobs.records.record_schema import record_schema
from preprocess.data.bucket_reader import parse_spec

COLUMNS = {
    "text": (tf.int64, (4,)),
    "text_length": (tf.int64, ()),
    "title": (tf.int64, (3,)),
    "title_length": (tf.int64, ()),
    "stars": (tf.float32, ()),
    "label": (tf.int64, ()),
    "topic": (tf.int64, ()),
    "tags": (tf.int64, (3,)),
    "score": (tf.float32, ()),
    "place": (tf.float32, (2,)),
    "id": (tf.int64, ()),
    "source": (tf.string, ()),
}
TYPES = {tf.int64: "INT", tf.float32: "FLOAT", tf.string: "BYTES"}


def test_a_schema() -> None:
    expected = [
        f"name: '{name}' type: {TYPES[dtype]} presence {{ min_fraction: 1.0 }} "
        f"shape {{ {' '.join(f'dim {{ size: {size} }}' for size in shape)} }}"
        for name, (dtype, shape) in COLUMNS.items()
    ]
    text = " ".join(f"feature {{ {feature} }}" for feature in expected)
    written = record_schema(RECORDS, 4)
    assert written == text_format.Parse(text, type(written)())
    assert [feature.name for feature in written.feature] == list(COLUMNS)


def test_readers_parse_the_same() -> None:
    found = {name: (column.dtype, column.shape) for name, column in parse_spec(RECORDS, 4).items()}
    assert found == COLUMNS
    kept = {"id", "source"}
    assert set(parse_spec(RECORDS, 4, keep=False)) == set(COLUMNS) - kept


def test_the_bucket_decides_on_the_length_of_its_feature_alone() -> None:
    small, large = parse_spec(RECORDS, 2), parse_spec(RECORDS, 4)
    differing = {name for name in COLUMNS if small[name].shape != large[name].shape}
    assert differing == {"text"}
