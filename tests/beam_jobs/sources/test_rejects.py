"""Every bad row is rejected with file, place and reason, and costs itself alone."""

from __future__ import annotations

import pytest
from source_files import example, framed

SPEC = """
features: {text: {kind: text}, score: {kind: numeric}}
labels: {label: {kind: binary}}
"""
GOOD = b'{"text":"good","score":1,"label":0}'
TEXT = "column 'text': got {}, expected text in UTF-8"
SCORE = "column 'score': got {}, expected a finite number in float32's range"
LABEL = "column 'label': got {}, expected 0, 1, false or true"

JSON_LINES = {
    "missing key": (b'{"score":1,"label":0}', TEXT.format("nothing (missing or null)")),
    "null": (b'{"text":null,"score":1,"label":0}', TEXT.format("nothing (missing or null)")),
    "number as text": (b'{"text":5,"score":1,"label":0}', TEXT.format("5")),
    "list as text": (b'{"text":["a"],"score":1,"label":0}', TEXT.format("[b'a']")),
    "object as text": (b'{"text":{"a":1},"score":1,"label":0}', TEXT.format("{'a': 1}")),
    "text as number": (b'{"text":"a","score":"1","label":0}', SCORE.format("'1'")),
    "NaN": (b'{"text":"a","score":NaN,"label":0}', SCORE.format("nan")),
    "infinite": (b'{"text":"a","score":1e999,"label":0}', SCORE.format("inf")),
    "beyond float32": (b'{"text":"a","score":1e200,"label":0}', SCORE.format("1e+200")),
    "other label": (b'{"text":"a","score":1,"label":2}', LABEL.format("2")),
    "half a label": (b'{"text":"a","score":1,"label":0.5}', LABEL.format("0.5")),
    "huge label": (b'{"text":"a","score":1,"label":99999999999999999999}', LABEL.format("1e+20")),
    "not UTF-8": (
        b'{"text":"a\xff","score":1,"label":0}',
        TEXT.format(r"bytes that are not UTF-8, 'a\xff'"),
    ),
    "lone surrogate": (
        rb'{"text":"\ud800","score":1,"label":0}',
        TEXT.format(r"bytes that are not UTF-8, '\xed\xa0\x80'"),
    ),
    "broken": (b'{"text":"a"', "got broken JSON (Expecting ',' delimiter)"),
    "not an object": (b'["a"]', "got a line that holds ['a'], expected a JSON object"),
    "two objects": (GOOD + GOOD, "got broken JSON (Extra data"),
}


@pytest.mark.parametrize("name", JSON_LINES)
@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_json_lines(read, write, name, suffix):
    line, reason = JSON_LINES[name]
    path = write(f"a.{suffix}", b"\n".join([GOOD, line, GOOD]))
    got = read(SPEC, path)
    place, unit = (1, "row") if suffix.endswith("gz") else (len(GOOD) + 1, "byte")
    last = 2 if suffix.endswith("gz") else place + len(line) + 1
    [reject] = got.rejects
    assert (reject.source, reject.row, reject.unit) == (str(path), place, unit)
    assert reject.reason.startswith(reason)
    assert got.column("text") == [b"good", b"good"]
    assert got.column("_row") == [0, last]
    assert (got.books[0].read, got.books[0].rejected, got.books[0].emitted) == (3, 1, {0: 2})


CELLS = {
    "not a number": (b"a,x,0", SCORE.format("'x'")),
    "nan": (b"a,nan,0", SCORE.format("'nan'")),
    "inf": (b"a,inf,0", SCORE.format("'inf'")),
    "overflow": (b"a,1e999,0", SCORE.format("'1e999'")),
    "underscore": (b"a,1_0,0", SCORE.format("'1_0'")),
    "empty number": (b"a,,0", SCORE.format("''")),
    "label": (b"a,1,yes", LABEL.format("'yes'")),
    "empty label": (b"a,1,", LABEL.format("''")),
    "not UTF-8": (b"a\xff,1,0", TEXT.format(r"bytes that are not UTF-8, 'a\xff'")),
    "short": (b"a,1", "got 2 fields, expected 3 as in the header: 'a,1'"),
    "long": (b"a,1,0,5", "got 4 fields, expected 3 as in the header: 'a,1,0,5'"),
}


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_cells(read, write, name, suffix):
    line, reason = CELLS[name]
    lines = [b"text,score,label", b"a,1,0", line, b'"", +.5e1 ,TRUE']
    content = b"\n".join(lines)
    if suffix == "tsv":
        content, reason = content.replace(b",", b"\t"), reason
    got = read(SPEC, write(f"a.{suffix}", content))
    [reject] = got.rejects
    if "fields" not in reason or suffix == "csv":
        assert reject.reason == reason
    assert (reject.row, reject.unit) == (1, "row")
    assert [(r["_row"], r["text"], r["score"], r["label"]) for r in got.rows] == [
        (0, b"a", 1.0, 0),
        (2, b"" if suffix == "csv" else b'""', 5.0, 1),
    ]


def test_examples(read, write):
    good = {"text": "a", "score": 1.0, "label": 1}
    records = [
        example(good),
        b"garbage",
        example({**good, "text": ["a", "b"]}),
        example({**good, "text": []}),
        example({"score": 1.0, "label": 1}),
        example({**good, "text": 7}),
        example({**good, "text": b"\xff"}),
        example({**good, "label": 2}),
        b"",
        example(good),
    ]
    got = read(SPEC, write("a.tfrecord", framed(records)))
    assert [row["_row"] for row in got.rows] == [0, 9]
    assert {reject.row: reject.reason for reject in got.rejects} == {
        1: "got bytes that are no tf.train.Example",
        2: "column 'text': got 2 values, expected one",
        3: "column 'text': got 0 values, expected one",
        4: TEXT.format("nothing (missing or null)"),
        5: TEXT.format("7"),
        6: TEXT.format(r"bytes that are not UTF-8, '\xff'"),
        7: LABEL.format("2"),
        8: TEXT.format("nothing (missing or null)"),
    }
    assert (got.books[0].read, got.books[0].rejected) == (10, 8)


def test_parquet(read, write):
    rows = [
        {"text": "a", "score": 1.0, "label": True},
        {"text": None, "score": 1.0, "label": True},
        {"text": "a", "score": float("nan"), "label": False},
        {"text": "a", "score": 1e300, "label": None},
    ]
    got = read(SPEC, write("a.parquet", rows))
    assert got.column("label") == [1]
    assert got.reasons == [
        TEXT.format("nothing (missing or null)"),
        SCORE.format("nan"),
        SCORE.format("1e+300"),
    ]


SPLITS = "features: {text: {}}\nsplits: {column: usage, map: {train: train, '1': test}}"


def test_split_values(read, write):
    rows = [{"text": "a", "usage": u} for u in ("train", 1, "dev", None, 1.5, True)]
    got = read(SPLITS, write("a.jsonl", rows))
    assert [row["_split"] for row in got.rows] == [0, 1]
    expected = "expected one of the splits' map: train, 1"
    assert got.reasons == [
        f"column 'usage': got 'dev', {expected}",
        f"column 'usage': got nothing (missing or null), {expected}",
        f"column 'usage': got '1.5', {expected}",
        f"column 'usage': got 'true', {expected}",
    ]


def test_a_hashed_value_that_is_missing(read, write):
    spec = "features: {text: {}}\nsplits: {by: id, fractions: {train: 1.0}}"
    got = read(spec, write("a.jsonl", [{"text": "a", "id": None}, {"text": "b", "id": 1}]))
    assert got.column("text") == [b"b"]
    assert got.reasons == [
        "column 'id': got nothing (missing or null), expected text, a number or a boolean"
    ]


def test_one_reason_a_row(read, write):
    got = read(SPEC, write("a.jsonl", b'{"text":1,"score":"x"}\n' + GOOD))
    assert len(got.rejects) == 1


def test_long_values_are_cut(read, write):
    got = read(SPEC, write("a.jsonl", b'{"text":["%s"]}\n' % (b"x" * 5000) + GOOD))
    assert len(got.reasons[0]) < 200
