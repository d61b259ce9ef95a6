"""Rows to predict: in the order of the input, whatever the format, with what cannot be used."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_artifact import SmallArtifact
from small_model import SmallModel

from beam_jobs.sources import Reject, formats
from beam_jobs.sources.input_split import byte_ranges
from beam_jobs.sources.prediction_rows import merged, rows_to_predict
from preprocess.core.errors import InputError
from preprocess.core.tfrecord_framing import write_records
from preprocess.trained_model.model_manifest import ModelManifest

DECLARED: dict[str, Any] = {
    "features": {"text": {"max_length": 8}, "stars": {"kind": "numeric"}},
    "labels": {"label": None},
    "keep": ["id", "source"],
    "splits": {"column": "usage", "map": {"train": "train"}},
}
PLAIN: dict[str, Any] = {"features": {"text": {"max_length": 8}}, "keep": ["id"]}

Row = Mapping[str, Any]
Write = Callable[..., str]


def manifest_of(folder: Path, declared: Mapping[str, object]) -> ModelManifest:
    return SmallModel(SmallArtifact({"train": [1]}, declared=declared).write(folder)).manifest


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> ModelManifest:
    """Of a model that takes a text and a number."""
    return manifest_of(tmp_path_factory.mktemp("two"), DECLARED)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> ModelManifest:
    """Of a model that takes a text."""
    return manifest_of(tmp_path_factory.mktemp("one"), PLAIN)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(name: str, content: Sequence[Row | bytes] | bytes) -> str:
        data = content if isinstance(content, bytes) else encoded(name, content)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return str(path)

    return _write


def encoded(name: str, rows: Sequence[Row | bytes]) -> bytes:
    """Rows in the format of a file called `name`; bytes are lines or records as they are."""
    if ".jsonl" in name:
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        return b"".join(line + b"\n" for line in lines)
    if ".csv" in name:
        return b"".join(row if isinstance(row, bytes) else csv_line(row) for row in rows)
    if ".tfrecord" in name:
        sink = io.BytesIO()
        write_records(sink, [row if isinstance(row, bytes) else example(row) for row in rows])
        return sink.getvalue()
    sink_ = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink_, row_group_size=3)
    return sink_.getvalue().to_pybytes()


def csv_line(row: Row) -> bytes:
    sink = io.StringIO(newline="")
    csv.writer(sink).writerow(row.values())
    return sink.getvalue().encode()


def example(row: Row) -> bytes:
    import tensorflow as tf

    result = tf.train.Example()
    for name, value in row.items():
        feature = result.features.feature[name]
        if isinstance(value, str):
            feature.bytes_list.value.append(value.encode())
        elif isinstance(value, float):
            feature.float_list.value.append(value)
        elif isinstance(value, int):
            feature.int64_list.value.append(value)
    return result.SerializeToString()


def answered(inputs: Sequence[str] | str, manifest: ModelManifest) -> list[Any]:
    """The text of each row that can be used, the reason of each other, in order."""
    items: list[Any] = []
    for item in rows_to_predict([inputs] if isinstance(inputs, str) else inputs, manifest):
        if isinstance(item, Reject):
            items.append(item.reason)
        else:
            items += [text.decode() for text in item.column("text").to_pylist()]
    return items


def rows_of(path: str, manifest: ModelManifest) -> list[dict[str, Any]]:
    batches = [i for i in rows_to_predict([path], manifest) if isinstance(i, pa.RecordBatch)]
    position = {"_source", "_row", "_split"}
    return [
        {k: v for k, v in row.items() if k not in position}
        for b in batches
        for row in b.to_pylist()
    ]


NULL = "column 'text': got nothing (missing or null), expected text in UTF-8"
NUMBER = "column 'stars': got {}, expected a finite number in float32's range"
GOOD = [{"text": t, "stars": 0.5 + n} for n, t in enumerate(["a", "", "日本 😀", "d", "e", "f"])]
NO_TEXT = {"text": None, "stars": 1.0}

JSON_LINES = [
    b"{broken",
    *GOOD[:2],
    b'{"text": 5, "stars": 1}',
    NO_TEXT,
    GOOD[2],
    b'["no object"]',
    {"text": "x", "stars": "3"},
    *GOOD[3:],
    b'{"stars": 1}',
]
JSON_ANSWERS = [
    "got broken JSON (Expecting property name enclosed in double quotes), expected a JSON object",
    "a",
    "",
    "column 'text': got 5, expected text in UTF-8",
    NULL,
    "日本 😀",
    "got a line that holds ['no object'], expected a JSON object",
    NUMBER.format("'3'"),
    "d",
    "e",
    "f",
    NULL,
]
CSV_LINES = [
    b"stars,text,label\r\n",
    b"x,late,1\r\n",
    b"1\r\n",
    b"1,a,1\r\n",
    b"1,a\r\n",
    b'2,"two\nlines, ""quoted""",9\r\n',
    b",empty number,\r\n",
    b"3,,\r\n",
    b"1,2,3,4\r\n",
    "4,日本 😀,1\r\n".encode(),
    b"nan,nan,0\r\n",
]
CSV_ANSWERS = [
    NUMBER.format("'x'"),
    "got 1 fields, expected 3 as in the header: '1'",
    "a",
    "got 2 fields, expected 3 as in the header: '1,a'",
    'two\nlines, "quoted"',
    NUMBER.format("''"),
    "",
    "got 4 fields, expected 3 as in the header: '1,2,3,4'",
    "日本 😀",
    NUMBER.format("'nan'"),
]
PARQUET_ROWS = [NO_TEXT, *GOOD[:2], {"text": "x", "stars": float("nan")}, *GOOD[2:], NO_TEXT]
PARQUET_ANSWERS = [NULL, "a", "", NUMBER.format("nan"), "日本 😀", "d", "e", "f", NULL]
CASES: dict[str, tuple[Any, list[str]]] = {
    "a.jsonl": (JSON_LINES, JSON_ANSWERS),
    "a.jsonl.gz": (JSON_LINES, JSON_ANSWERS),
    "a.csv": (CSV_LINES, CSV_ANSWERS),
    "a.csv.gz": (CSV_LINES, CSV_ANSWERS),
    "a.parquet": (PARQUET_ROWS, PARQUET_ANSWERS),
    "a.tfrecord": (
        [NO_TEXT, GOOD[0], b"garbage", *GOOD[1:3]],
        [NULL, "a", "got bytes that are no tf.train.Example", "", "日本 😀"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rejected_rows_stand_where_they_stood(name: str, two: ModelManifest, write: Write) -> None:
    content, expected = CASES[name]
    assert answered(write(name, content), two) == expected


def test_several_files_in_order(two: ModelManifest, write: Write, tmp_path: Path) -> None:
    expected = []
    for number, name in enumerate(CASES):
        content, answers = CASES[name]
        write(f"{number}-{name}", content)
        expected += answers
    assert answered(str(tmp_path / "*-a.*"), two) == expected


def test_plain_text(one: ModelManifest, write: Write) -> None:
    path = write("a.txt", "first\n\nbad \udcff\r\nlast 😀".encode("utf-8", "surrogateescape"))
    bad = r"column 'text': got bytes that are not UTF-8, 'bad \xff', expected text in UTF-8"
    assert answered(path, one) == ["first", "", bad, "last 😀"]
    assert rows_of(path, one)[0] == {"text": b"first"}


def test_places_of_rejected_rows(two: ModelManifest, write: Write) -> None:
    names = ["a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet"]
    files = {name: write(name, CASES[name][0]) for name in names}
    places = {
        name: [i.row for i in rows_to_predict([path], two) if isinstance(i, Reject)]
        for name, path in files.items()
    }
    starts = np.cumsum([0, *(len(encoded("a.jsonl", [row])) for row in JSON_LINES)])
    assert places == {
        "a.jsonl": [int(starts[i]) for i in (0, 3, 4, 6, 7, 11)],
        "a.jsonl.gz": [0, 3, 4, 6, 7, 11],
        "a.csv": [0, 1, 3, 5, 7, 9],
        "a.parquet": [0, 3, 8],
    }


def test_a_bad_line_long_before_the_next(two: ModelManifest, write: Write) -> None:
    """It stands where it stood, however many batches come before the next one."""
    lines = [b"text,stars\n", b"one,1\n", b"bad\n", *(b"%d,1\n" % n for n in range(20_000))]
    found = answered(write("a.csv", lines), two)
    bad = "got 1 fields, expected 2 as in the header: 'bad'"
    assert found == ["one", bad, *map(str, range(20_000))]


def test_pieces_of_one_file(
    two: ModelManifest, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", JSON_LINES * 3)
    small = replace(formats.JSONL, cut=lambda file: byte_ranges(file, 50))
    monkeypatch.setitem(formats._BY_NAME, "jsonl", small)
    assert answered(path, two) == JSON_ANSWERS * 3


KEPT = {"id": 7, "source": "web"}


def test_kept_columns_that_are_there(two: ModelManifest, write: Write) -> None:
    row = {**GOOD[0], **KEPT}
    expected = {"text": b"a", "stars": 0.5, "id": 7, "source": b"web"}
    for name in ("a.parquet", "a.tfrecord"):
        assert rows_of(write(name, [row, row]), two) == [expected, expected]
    expected["id"] = b"7"  # which is all that is known of what someone wrote
    for name in ("a.jsonl", "a.jsonl.gz"):
        assert rows_of(write(name, [row, row]), two) == [expected, expected]
    lines = [b"source,id,stars,text\n", b"web,7,0.5,a\n"]
    assert rows_of(write("a.csv", lines), two) == [expected]


def test_a_file_with_some_of_the_kept_columns(two: ModelManifest, write: Write) -> None:
    with_id, with_source = ({**GOOD[0], name: KEPT[name]} for name in KEPT)
    for name, found in {"a.jsonl": b"7", "a.parquet": 7, "a.tfrecord": 7}.items():
        [row] = rows_of(write(name, [with_id]), two)
        assert present(row) == {"text": b"a", "stars": 0.5, "id": found}
        [row] = rows_of(write(name, [with_source]), two)
        assert present(row) == {"text": b"a", "stars": 0.5, "source": b"web"}
        [row] = rows_of(write(name, [GOOD[0]]), two)
        assert present(row) == {"text": b"a", "stars": 0.5}
    assert rows_of(write("a.csv", [b"stars,text\n", b".5,a\n"]), two) == [
        {"text": b"a", "stars": 0.5}
    ]


def present(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def test_rows_that_lack_what_is_kept_are_answered(two: ModelManifest, write: Write) -> None:
    rows = [GOOD[0], {**GOOD[1], "id": None, "source": "web"}, {**GOOD[2], **KEPT}]
    for name, found in {"a.jsonl": b"7", "a.parquet": 7}.items():
        padded = [{"id": None, "source": None, **row} for row in rows]
        kept = [row.get("id") for row in rows_of(write(name, padded), two)]
        assert kept == [None, None, found]


KEPT_OTHERWISE = {"text for integers": "7a", "floats for integers": 7.5, "booleans": True}


@pytest.mark.parametrize("name", KEPT_OTHERWISE)
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_kept_columns_of_another_kind_than_in_training(
    name: str, suffix: str, two: ModelManifest, write: Write
) -> None:
    value = KEPT_OTHERWISE[name]
    [row] = rows_of(write(f"a.{suffix}", [{**GOOD[0], "id": value}]), two)
    assert row["id"] == str(value).replace("True", "true").encode()


def test_a_list_that_was_kept_as_an_integer(two: ModelManifest, write: Write) -> None:
    path = write("a.parquet", [{**GOOD[0], "id": [7]}])
    with pytest.raises(InputError, match=r"column 'id': got the type list<element: int64>"):
        rows_to_predict([path], two)


def test_labels_and_splits_are_not_looked_at(two: ModelManifest, write: Write) -> None:
    row = {**GOOD[0], "label": "neither", "usage": "elsewhere"}
    for name in ("a.jsonl", "a.parquet"):
        [found] = rows_of(write(name, [row]), two)
        assert present(found) == {"text": b"a", "stars": 0.5}


def test_a_split_of_the_input_is_ignored(two: ModelManifest, write: Write) -> None:
    path = write("a.jsonl", [GOOD[0]])
    assert answered([f"test={path}", f"train={path}"], two) == ["a"]


def test_empty_files_among_others(two: ModelManifest, write: Write, tmp_path: Path) -> None:
    write("0.jsonl", b"")
    write("1.csv", b"")
    write("2.csv", b"text,stars\n")
    write("3.jsonl", [GOOD[0]])
    pq.write_table(
        pa.table({"text": pa.array([], pa.string()), "stars": pa.array([], pa.float64())}),
        tmp_path / "4.parquet",
    )
    write("5.jsonl", b"\n\n")
    assert answered(str(tmp_path / "?.*"), two) == ["a"]


def test_no_rows_at_all(two: ModelManifest, write: Write) -> None:
    with pytest.raises(InputError, match="got no rows, expected at least one"):
        rows_to_predict([write("a.jsonl", b"")], two)


MISTAKES = {
    "a.csv": ([b"txt,stars\n", b"a,1\n"], "got no column 'text'.*file has txt, stars.*rename"),
    "a.parquet": ([{"text": "a"}], "got no column 'stars', expected it as the model takes it"),
    "b.parquet": ([{"text": 1, "stars": 1}], "column 'text': got the type int64"),
    "a.txt": (b"a\n", "got plain text, which holds one column, expected the columns text, stars"),
    "b.csv": ([b"text,text,stars\n", b"a,b,1\n"], "got 2 columns called 'text'"),
    "a.docx": (b"", "unknown suffix"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_reported_at_once(name: str, two: ModelManifest, write: Write) -> None:
    content, message = MISTAKES[name]
    with pytest.raises(InputError, match=message):
        rows_to_predict([write(name, content)], two)


def test_a_file_that_is_missing(two: ModelManifest, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="got no file that matches"):
        rows_to_predict([str(tmp_path / "*.jsonl")], two)


def test_a_file_cut_short(two: ModelManifest, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(encoded("a.jsonl", JSON_LINES))[:-4])
    with pytest.raises(InputError, match="cannot be read"):
        list(rows_to_predict([str(path)], two))


def batch(*rows: int) -> pa.RecordBatch:
    return pa.record_batch({"_row": pa.array(rows, pa.int64())})


MERGED = {
    "no rejects": ([(0, 1), (2,)], [], [[0, 1], [2]]),
    "no rows": ([], [0, 3], [0, 3]),
    "first, middle, last": ([(1, 3, 4), (6,)], [0, 2, 5, 7], [0, [1], 2, [3, 4], 5, [6], 7]),
    "neighbours": ([(0, 3)], [1, 2, 4, 5], [[0], 1, 2, [3], 4, 5]),
    "offsets": ([(0, 40), (90,)], [10, 41], [[0], 10, [40], 41, [90]]),
}


@pytest.mark.parametrize("name", MERGED)
def test_merged(name: str) -> None:
    batches, rejects, expected = MERGED[name]
    found = merged([batch(*rows) for rows in batches], [Reject("", n, "row", "") for n in rejects])
    assert [
        item.row if isinstance(item, Reject) else item.column("_row").to_pylist() for item in found
    ] == expected
