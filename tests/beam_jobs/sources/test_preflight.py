"""What is refused before any row is read, and the schema that comes out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources import check_inputs, expand, load_schema, parse_inputs
from preprocess.core.errors import InputError, UsageError
from preprocess.spec import parse_spec

TEXT = "features: {text: {}}\n"
DAY = dt.date(2026, 1, 2)


def check(spec, *inputs, schema=None):
    files = expand(parse_inputs([str(value) for value in inputs]))
    return check_inputs(files, parse_spec(spec), schema)


def types(schema: schema_pb2.Schema) -> dict[str, str]:
    return {f.name: schema_pb2.FeatureType.Name(f.type) for f in schema.feature}


@pytest.mark.parametrize("name", ["a.parquet", "a.csv"])
def test_missing_column(write, name):
    path = write(name, [{"review": "x", "stars": 1}])
    message = r"a\.\w+: got no column 'text', .*\(the file has review, stars\)"
    with pytest.raises(InputError, match=message):
        check(TEXT, path)


BAD_TYPES = {
    "text": ("features: {c: {}}", pa.array([1]), "got the type int64, expected text in UTF-8"),
    "numeric": ("features: {text: {}, c: {kind: numeric}}", pa.array(["1"]), "got the type string"),
    "date": ("features: {text: {}, c: {kind: numeric}}", pa.array([DAY]), r"got the type date32"),
    "binary": ("labels: {c: {kind: binary}}", pa.array(["1"]), "expected 0, 1, false or true"),
    "category": ("labels: {c: {kind: category}}", pa.array([["a"]]), "got the type list"),
    "struct": ("labels: {c: {kind: category}}", pa.array([{"a": 1}]), "nested fields as columns"),
    "multilabel": ("labels: {c: {kind: multilabel}}", pa.array([1]), "expected a list of classes"),
    "number": ("labels: {c: {kind: number}}", pa.array([[1.0]]), "expected a finite number"),
    "vector": ("labels: {c: {kind: number, size: 2}}", pa.array([1.0]), "a list of 2 finite"),
    "keep": ("keep: [c]", pa.array([["a"]]), "got the type list"),
    "map": ("keep: [c]", pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "type map"),
    "null": ("keep: [c]", pa.nulls(1), "got the type null"),
    "duration": ("keep: [c]", pa.array([1], pa.duration("s")), "got the type duration"),
}


@pytest.mark.parametrize("name", BAD_TYPES)
def test_parquet_types_that_cannot_serve(tmp_path, name):
    spec, column, message = BAD_TYPES[name]
    spec = spec if "features" in spec else TEXT + spec
    pq.write_table(pa.table({"text": ["x"], "c": column}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=rf"a\.parquet: column 'c': .*{message}"):
        check(spec, tmp_path / "a.parquet")


GOOD_TYPES = {
    "dictionary": ("features: {c: {}}", pa.array(["x"]).dictionary_encode(), "BYTES"),
    "decimal": ("features: {text: {}, c: {kind: numeric}}", pa.array([Decimal("1.5")]), "FLOAT"),
    "bool": ("labels: {c: {kind: binary}}", pa.array([True]), "INT"),
    "class of int": ("labels: {c: {kind: category}}", pa.array([1]), "INT"),
    "class of date": ("labels: {c: {kind: category}}", pa.array([DAY]), "BYTES"),
    "classes": ("labels: {c: {kind: multilabel}}", pa.array([["a"]]), "BYTES"),
    "vector": ("labels: {c: {kind: number, size: 2}}", pa.array([[1.0, 2.0]]), "FLOAT"),
    "kept float": ("keep: [c]", pa.array([1.5]), "BYTES"),
    "kept bool": ("keep: [c]", pa.array([True]), "BYTES"),
    "kept int": ("keep: [c]", pa.array([1], pa.uint32()), "INT"),
    "kept uint64": ("keep: [c]", pa.array([1], pa.uint64()), "BYTES"),
    "bit of decimal": ("labels: {c: {kind: binary}}", pa.array([Decimal("1")]), "INT"),
}


@pytest.mark.parametrize("name", GOOD_TYPES)
def test_parquet_types_that_serve(tmp_path, read, name):
    spec, column, kind = GOOD_TYPES[name]
    spec = spec if "features" in spec else TEXT + spec
    pq.write_table(pa.table({"text": ["x"], "c": column}), tmp_path / "a.parquet")
    assert types(check(spec, tmp_path / "a.parquet"))["c"] == kind
    assert read(spec, tmp_path / "a.parquet").rejects == []


def test_splits_twice(write):
    spec = TEXT + "splits: {by: text, fractions: {train: 1.0}}"
    with pytest.raises(UsageError, match="a split beside `splits` in the spec"):
        check(spec, f"train={write('a.jsonl', [{'text': 'x'}])}")


def test_no_input_for_train(write):
    with pytest.raises(InputError, match="got files for test only, expected some for train"):
        check(TEXT, f"test={write('a.jsonl', [{'text': 'x'}])}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b""),
        ("a.jsonl", b"\n\n"),
        ("a.jsonl.gz", b""),
        ("a.csv", b"text\n"),
        ("a.txt", b""),
        ("a.tfrecord", b""),
    ],
)
def test_no_rows(write, name, content):
    with pytest.raises(InputError, match="got no rows"):
        check(TEXT, write(name, content))


def test_no_rows_in_parquet(tmp_path):
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="got no rows"):
        check(TEXT, tmp_path / "a.parquet")


def test_text_files_hold_one_column(write):
    with pytest.raises(InputError, match=r"plain text, which holds one column.*text, label"):
        check(TEXT + "labels: {label: {}}", write("a.txt", b"x"))


def test_csv_cells_hold_no_vectors(write):
    spec = TEXT + "labels: {v: {kind: number, size: 2}}"
    with pytest.raises(InputError, match=r"column 'v': got a column of cells, expected lists of 2"):
        check(spec, write("a.csv", [{"text": "x", "v": "1"}]))


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_columns_that_stand_twice(tmp_path, name):
    if name == "a.csv":
        (tmp_path / name).write_bytes(b"text,text,b\nx,y,1\n")
    else:
        table = pa.Table.from_arrays([pa.array(["x"])] * 2, names=["text", "text"])
        pq.write_table(table, tmp_path / name)
    with pytest.raises(InputError, match="got 2 columns called 'text'"):
        check(TEXT, tmp_path / name)


SPEC = TEXT + "labels: {stars: {kind: number}, genre: {kind: category}}\nkeep: [id]"
ROWS = [{"text": "x", "stars": 1, "genre": "a", "id": 7}]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jsonl", {"text": "BYTES", "stars": "FLOAT", "genre": "BYTES", "id": "BYTES"}),
        ("a.parquet", {"text": "BYTES", "stars": "INT", "genre": "BYTES", "id": "INT"}),
        ("a.tfrecord", {"text": "BYTES", "stars": "INT", "genre": "BYTES", "id": "INT"}),
        ("a.csv", {"text": "BYTES", "stars": "FLOAT", "genre": "BYTES", "id": "BYTES"}),
    ],
)
def test_inferred(write, name, expected):
    assert types(check(SPEC, write(name, ROWS))) == expected


def test_kept_columns_of_mixed_sources(read, write, tmp_path):
    write("1.jsonl", b'{"text":"x","id":7}\n{"text":"x","id":7.50}\n{"text":"x","id":true}\n')
    write("2.csv", [{"text": "y", "id": "007"}])
    write("3.parquet", [{"text": "z", "id": 1.5}])
    write("4.parquet", [{"text": "z", "id": 2**53 + 1}])
    kept = read(TEXT + "keep: [id]", f"{tmp_path}/*").column("id")
    assert kept == [b"7", b"7.50", b"true", b"007", b"1.5", b"9007199254740993"]
    assert read(TEXT + "keep: [id]", f"{tmp_path}/4*").column("id") == [2**53 + 1]


def schema(text: str) -> schema_pb2.Schema:
    return text_format.Parse(text, schema_pb2.Schema())


def test_given_schema_lacks_a_column(write):
    given = schema('feature { name: "text" type: BYTES }')
    with pytest.raises(InputError, match=r"no feature 'stars'.*\(it has text\)"):
        check(SPEC, write("a.jsonl", ROWS), schema=given)


def test_given_schema_of_another_type(write):
    given = schema('feature { name: "text" type: BYTES } feature { name: "id" type: BYTES }')
    with pytest.raises(InputError, match=r"column 'id': got INT \(int64\), expected BYTES"):
        check(TEXT + "keep: [id]", write("a.parquet", [{"text": "x", "id": 7}]), schema=given)


def test_given_types_are_kept(read, write):
    given = schema(
        'feature { name: "id" type: INT } feature { name: "z" }feature { name: "text" type: BYTES }'
    )
    path = write("a.csv", [{"text": "x", "id": "007"}, {"text": "y", "id": "1.5"}])
    got = read(TEXT + "keep: [id]", path, schema=given)
    assert got.column("id") == [b"007"]
    assert got.reasons == ["column 'id': got '1.5', outside the schema's domain of integers"]
    assert list(types(check(TEXT + "keep: [id]", path, schema=given))) == ["text", "id"]


DOMAINS = """
feature { name: "text" type: BYTES }
feature { name: "label" type: INT int_domain { min: 0 max: 0 } }
feature { name: "stars" type: FLOAT float_domain { min: 0.1 max: 5 } }
feature { name: "genre" type: BYTES domain: "genres" }
feature { name: "tags" type: BYTES string_domain { value: "a" value: "b" } }
feature { name: "year" type: INT int_domain { max: 2000 } }
string_domain { name: "genres" value: "drama" value: "ü" }
"""
DOMAIN_SPEC = """
features: {text: {}, stars: {kind: numeric}}
labels:
  label: {kind: binary}
  genre: {kind: category}
  tags: {kind: multilabel}
  year: {kind: category}
"""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": 1}, "column 'label': got 1, outside the schema's domain 0..0"),
        ({"stars": 0.05}, "column 'stars': got 0.05, outside the schema's domain 0.1..5"),
        ({"stars": 5.1}, "column 'stars': got 5.1, outside the schema's domain 0.1..5"),
        ({"genre": "x"}, "column 'genre': got 'x', outside the schema's domain drama, ü"),
        ({"tags": ["a", "c"]}, "column 'tags': got [b'a', b'c'], outside the schema's domain a, b"),
        ({"year": 2001}, "column 'year': got 2001, outside the schema's domain ..2000"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_domains(read, write, name, change, reason):
    good = {"text": "x", "stars": 0.1, "label": 0, "genre": "ü", "tags": ["a"], "year": 1999}
    path = write(name, [good, {**good, **change}, {**good, "stars": 5.0, "tags": []}])
    got = read(DOMAIN_SPEC, path, schema=schema(DOMAINS))
    assert got.reasons == [reason]
    assert len(got.rows) == 2


def test_load_schema(write):
    path = write("s.pbtxt", b'feature { name: "text" type: BYTES }')
    assert types(load_schema(str(path))) == {"text": "BYTES"}
    with pytest.raises(InputError, match=r"no\.pbtxt: got a file that cannot be read as a schema"):
        load_schema("no.pbtxt")
    with pytest.raises(InputError, match=r"t\.pbtxt: .*text format"):
        load_schema(str(write("t.pbtxt", b"nonsense {")))


SCHEMAS = {
    "deep": (b"feature { struct_domain { " * 300, "nested more than 64 deep"),
    "very deep": (b"feature { struct_domain < " * 100_000, "nested more than 64 deep"),
    "long": (b"#" * (5 << 20), "more than 4,194,304 bytes"),
    "one long word": (b"x" * 1_000_000, 'Schema" has no field named "xxx'),
    "a long number": (
        b"feature { value_count { min: %s } }" % (b"9" * 5000),
        "min: 999",
    ),
    "binary": (bytes(range(256)), "'utf-8' codec can't decode byte 0x80"),
    "utf-16": ('feature { name: "a" }'.encode("utf-16"), "'utf-8' codec can't decode"),
    "nuls": (bytes(1_000_000), "1:1 : "),
    "quotes": (b'"' + b'\\"' * 1_000_000, "1:1 : "),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_schema_that_is_none(write, case):
    content, what = SCHEMAS[case]
    with pytest.raises(InputError) as raised:
        load_schema(str(write("s.pbtxt", content)))
    text = str(raised.value)
    assert f"got a file that cannot be read as a schema ({what}" in text or what in text
    assert len(text) < 600 and "\n" not in text


def test_brackets_in_text_are_none(write):
    path = write(
        "s.pbtxt", b'# %s\nfeature { name: "%s\\"{" type: BYTES }' % (b"{" * 99, b"{" * 99)
    )
    assert types(load_schema(str(path))) == {"{" * 99 + '"{': "BYTES"}
