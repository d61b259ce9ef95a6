"""Reading line by line gives what reading in blocks gives."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources import Reject, expand, parse_inputs, read_rows
from preprocess.spec import parse_spec

SPEC = """
features: {text: {}, score: {kind: numeric}}
labels:
  label: {kind: binary}
  genre: {kind: category}
  tags: {kind: multilabel}
  place: {kind: number, size: 2}
keep: [id]
"""
FEATURES = [schema_pb2.Feature(name="id", type=schema_pb2.BYTES)]
_SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**30]),
    st.sampled_from([0.0, 1.0, 1.5, -0.0, 1e39, float("nan"), float("inf")]),
    st.sampled_from(["", "a", "007", "2020-01-01", "2020-01-01 10:00:00", "a, b,,a", "ü\u0000"]),
)
_VALUE = st.one_of(_SCALAR, st.lists(_SCALAR, max_size=3), st.just({"a": 1}))
_LIKELY = st.fixed_dictionaries(
    {
        "text": st.text(max_size=5),
        "score": st.floats(width=32, allow_nan=False, allow_infinity=False),
        "label": st.sampled_from([0, 1]),
        "genre": st.text(min_size=1, max_size=3),
        "tags": st.lists(st.sampled_from("abc")),
        "place": st.lists(st.integers(0, 9), min_size=2, max_size=2),
        "id": st.integers(0, 99),
    }
)
_ROW = st.one_of(
    _LIKELY,
    st.tuples(
        _LIKELY, st.sampled_from(["text", "score", "label", "genre", "tags", "id"]), _VALUE
    ).map(lambda drawn: {**drawn[0], drawn[1]: drawn[2]}),
)


@settings(max_examples=150)
@given(st.lists(_ROW, min_size=1, max_size=6))
def test_neighbours_do_not_matter(tmp_path_factory, rows):
    first = {"text": "", "score": 0, "label": 0, "genre": "g", "tags": [], "place": [0, 0], "id": 1}
    together = _read(tmp_path_factory, [first, *rows])
    alone = [_read(tmp_path_factory, [first, row]) for row in rows]
    beside_a_bad_line = _read(tmp_path_factory, [first, *rows, "broken"])
    expected = [row for result in alone for row in result[1:]]
    assert together[1:] == expected == beside_a_bad_line[1:]


_NUMBER = st.from_regex(
    r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True
)
_WRITTEN = st.one_of(
    _NUMBER.map(lambda text: (text, text)),
    st.sampled_from([(text, text) for text in ("0", "-0", "7", "-0.0", "1e400", "true", "false")]),
    st.text(max_size=4).map(lambda text: (json.dumps(text), text)),
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.booleans(), _WRITTEN), min_size=1, max_size=8))
def test_kept_values_are_as_written(tmp_path_factory, values):
    """Whatever stands beside them; a string is what it stands for."""
    path = Path(tmp_path_factory.getbasetemp()) / "written.jsonl"
    blanks = {True: "  ", False: ""}
    path.write_text(
        "".join(f'{{"text": "-0, ", "id":{blanks[wide]}{raw}}}\n' for wide, (raw, _) in values)
    )
    spec = parse_spec("features: {text: {}}\nkeep: [id]")
    files = expand(parse_inputs([str(path)]), spec)
    kept = schema_pb2.Schema(feature=[schema_pb2.Feature(name="id", type=schema_pb2.BYTES)])
    batches = [i for i in read_rows(files, spec, kept) if isinstance(i, pa.RecordBatch)]
    found = [value for batch in batches for value in batch["id"].to_pylist()]
    assert found == [text.encode() for _, (_, text) in values]


def _read(tmp_path_factory, rows: list[object]) -> list[dict[str, object]]:
    path = Path(tmp_path_factory.getbasetemp()) / "neighbours.jsonl"
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    files = expand(parse_inputs([str(path)]))
    items = read_rows(files, parse_spec(SPEC), schema_pb2.Schema(feature=FEATURES))
    found = [row for item in items if isinstance(item, pa.RecordBatch) for row in item.to_pylist()]
    return [{name: value for name, value in row.items() if name[0] != "_"} for row in found]


BESIDE = {
    "digits beyond Python's limit": '{"text": "a", "zz": %s}' % ("1" * 5000),
    "a kept number of them": '{"text": "a", "id": %s}' % ("1" * 5000),
    "a kept -0 behind blanks": '{"text": "a", "id": %s-0}' % (" " * 150),
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_row_is_what_it_is_beside_a_bad_one(read, write, name):
    spec = "features: {text: {}}\nkeep: [id]"
    row = BESIDE[name] if '"id"' in BESIDE[name] else BESIDE[name].replace("zz", 'id": 1, "zz')
    alone = read(spec, write("a.jsonl", f'{{"text": "x", "id": 1}}\n{row}\n'.encode()))
    beside = read(
        spec, write("b.jsonl", f'{{"text": "x", "id": 1}}\n{row}\n{{"text": 1}}\n'.encode())
    )
    assert alone.rejects == [] and len(beside.rejects) == 1
    expected = row.rpartition(":")[2].strip(" }").encode() if '"zz"' not in row else b"1"
    assert alone.column("id") == beside.column("id") == [b"1", expected]


def test_the_sign_of_zero_does_not_depend_on_neighbours(read, write):
    spec = "features: {text: {}}\nlabels: {n: {kind: number}}"
    found = read(spec, write("a.jsonl", b'{"text":"a","n":-0}\n{"text":"b","n":"x"}\n'))
    assert str(found.column("n")[0]) == "-0.0"


def test_a_class_of_many_digits(read, write):
    spec = "features: {text: {}}\nlabels: {c: {kind: category}}"
    found = read(
        spec, write("a.jsonl", b'{"text":"a","c":1}\n{"text":"b","c":%s}\n' % (b"1" * 400))
    )
    assert found.column("c") == [b"1", b"1" * 400]


def test_a_column_anywhere_in_the_first_megabyte_is_seen(read, write):
    spec = "features: {text: {}}\nkeep: [id]\nrejects: {max_bytes: 1000}"
    rows = b'{"text":"a"}\n{"text":"%s"}\n{"text":"b","id":1}\n' % (b"x" * 3000)
    assert read(spec, write("a.jsonl", rows)).column("text") == [b"b"]


@pytest.mark.parametrize("depth", [2, 50, 480, 900, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("column", ["text", "tags", "unused"])
def test_lines_nested_at_any_depth(tmp_path, depth, opening, closing, column):
    good = '{"text": "a", "tags": ["b"]}'
    nested = good[:-1] + f', "{column}": ' + opening * depth + "1" + closing * depth + "}"
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{good}\n{nested}\n{good}\n")
    spec = parse_spec("features: {text: }\nlabels: {tags: {kind: multilabel}}")
    items = list(read_rows(expand(parse_inputs([str(path)]), spec), spec, schema_pb2.Schema()))
    rows = sum(item.num_rows for item in items if isinstance(item, pa.RecordBatch))
    rejects = [item for item in items if isinstance(item, Reject)]
    assert rows + len(rejects) == 3
    assert rows == 2 or column == "unused"
    for reject in rejects:
        assert (reject.row, reject.unit) == (len(good) + 1, "byte")
        assert reject.reason.startswith(("got JSON that is nested", f"column '{column}': got "))
