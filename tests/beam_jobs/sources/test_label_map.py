"""A binary label whose values have other names than 0 and 1."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.protobuf import text_format
from source_files import read_files
from tensorflow_metadata.proto.v0 import schema_pb2

from preprocess.core.errors import SpecError
from preprocess.spec import parse_spec

SPEC = "features: {text: {}}\nlabels: {label: {kind: binary, column: class, map: %s}}"
NAMES = "{neg: 0, pos: 1, 'maybe not': 0}"
FORMATS = [
    *("jsonl", "jsonl.gz", "csv", "csv.gz", "tsv", "parquet", "tfrecord", "tfrecord.gz"),
    *("arrow", "arrows", "feather"),
]


@pytest.mark.parametrize("suffix", FORMATS)
def test_names(read, write, suffix):
    values = ["neg", "pos", "Pos", "maybe not", "1"]
    path = write(f"a.{suffix}", [{"text": str(n), "class": v} for n, v in enumerate(values)])
    got = read(SPEC % NAMES, path)
    assert [(row["text"], row["label"]) for row in got.rows] == [(b"0", 0), (b"1", 1), (b"3", 0)]
    expected = "expected one of the label's map: neg, pos, maybe not"
    assert got.reasons == [f"column 'class': got {v!r}, {expected}" for v in ("Pos", "1")]


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "arrow", "tfrecord"])
def test_numbers_are_named_as_in_splits(read, write, suffix):
    path = write(f"a.{suffix}", [{"text": "a", "class": value} for value in (1, 5, 2)])
    assert read(SPEC % "{1: 0, 5: 1}", path).column("label") == [0, 1]


def test_types_mixed_in_json(read, write):
    values = [True, "true", 2, 2.0, "2", None, False, [2], 2.5]
    path = write("a.jsonl", [{"text": "a", "class": value} for value in values])
    got = read(SPEC % "{true: 1, 2: 0}", path)
    assert got.column("label") == [1, 1, 0, 0, 0]
    assert len(got.reasons) == 4


def test_one_column_has_two_roles(read, write):
    path = write("a.jsonl", [{"text": "a", "class": "neg"}, {"text": "b", "class": "pos"}])
    spec = SPEC % "{neg: 0, pos: 1}" + "\nkeep: [class]"
    assert [(row["label"], row["class"]) for row in read(spec, path).rows] == [
        (0, b"neg"),
        (1, b"pos"),
    ]


def test_any_words_of_parquet(read, tmp_path):
    column = pa.array(["neg", "pos", None]).dictionary_encode()
    pq.write_table(pa.table({"text": ["a", "b", "c"], "class": column}), tmp_path / "a.parquet")
    assert read(SPEC % "{neg: 0, pos: 1}", tmp_path / "a.parquet").column("label") == [0, 1]


def test_a_domain_is_of_the_names(write):
    schema = text_format.Parse(
        """feature { name: "text" type: BYTES }
        feature { name: "class" type: BYTES string_domain { value: "neg" value: "pos" } }""",
        schema_pb2.Schema(),
    )
    path = write("a.csv", [{"text": "a", "class": v} for v in ("neg", "pos", "maybe not")])
    got = read_files(SPEC % NAMES, path, schema=schema)
    assert got.column("label") == [0, 1]
    assert got.reasons == [
        "column 'class': got 'maybe not', outside the schema's domain neg, pos",
    ]


MISTAKES = {
    "{}": "labels.label.map: ",
    "{neg: 2}": "labels.label.map.neg: got 2, expected at most 1",
    "{0: 0, '0': 1}": "labels.label.map: got 0, '0', expected values that differ as text too",
    "[neg, pos]": "labels.label.map: got ",
}


@pytest.mark.parametrize("given", MISTAKES)
def test_mistakes(given):
    with pytest.raises(SpecError) as caught:
        parse_spec(SPEC % given)
    assert MISTAKES[given] in str(caught.value)
