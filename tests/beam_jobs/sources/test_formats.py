"""The same rows give the same canonical batches, whatever the format."""

from __future__ import annotations

import pyarrow as pa
import pytest

FORMATS = [
    *("jsonl", "jsonl.gz", "csv", "csv.gz", "tsv", "parquet", "tfrecord", "tfrecord.gz"),
    *("arrow", "arrows", "feather"),
]
SPEC = """
features: {text: {kind: text}, score: {kind: numeric}}
labels:
  label: {kind: binary}
  genre: {kind: category}
  tags: {kind: multilabel}
  stars: {kind: number}
keep: [id]
splits: {column: usage, map: {train: train, dev: validation}}
"""
ROWS = [
    {
        "text": 'Grüße, "Welt"\nund 世界 🙂',
        "score": 1.5,
        "label": 1,
        "genre": "2020-01-01",
        "tags": ["b", "a", "b"],
        "stars": 3.0,
        "id": "007",
        "usage": "train",
    },
    {
        "text": "",
        "score": -2.25,
        "label": 0,
        "genre": "drama",
        "tags": [],
        "stars": 0.5,
        "id": "008",
        "usage": "dev",
    },
    {
        "text": "e\u0301 \u0000 nul",
        "score": 1e-3,
        "label": 1,
        "genre": "drama",
        "tags": ["c"],
        "stars": 4.0,
        "id": "009",
        "usage": "train",
    },
]
EXPECTED = pa.schema(
    [
        ("_source", pa.int32()),
        ("_row", pa.int64()),
        ("_split", pa.int32()),
        ("text", pa.binary()),
        ("score", pa.float32()),
        ("label", pa.int64()),
        ("genre", pa.binary()),
        ("tags", pa.list_(pa.binary())),
        ("stars", pa.float32()),
        ("id", pa.binary()),
    ]
)


def canonical(row: dict, place: int) -> dict:
    """What a row of `ROWS` becomes."""
    score = pa.scalar(row["score"], pa.float32()).as_py()
    return {
        "_source": 0,
        "_row": place,
        "_split": ["train", "dev"].index(row["usage"]),
        "text": row["text"].encode(),
        "score": score,
        "label": row["label"],
        "genre": row["genre"].encode(),
        "tags": [tag.encode() for tag in dict.fromkeys(row["tags"])],
        "stars": row["stars"],
        "id": row["id"].encode(),
    }


@pytest.mark.parametrize("format", FORMATS)
def test_same_rows_same_batches(read, write, format):
    spec = SPEC + """formats: {tsv: {quote: '"'}}""" if format == "tsv" else SPEC
    got = read(spec, write(f"rows.{format}", ROWS))
    assert got.rejects == []
    for batch in got.batches:
        assert batch.schema == EXPECTED
        assert all(column.null_count == 0 for column in batch.columns)
        batch.validate(full=True)
    places = [0, 1, 2]
    if format == "jsonl":
        first, second = (len(line) for line in _lines(write)[:2])
        places = [0, first, first + second]
    expected = [canonical(row, at) for row, at in zip(ROWS, places, strict=True)]
    assert got.rows == [expected[0], expected[2], expected[1]]  # one split a batch
    assert len(got.batches) == 2
    assert (got.books[0].read, got.books[0].emitted) == (3, {0: 2, 1: 1})


def _lines(write) -> list[bytes]:
    return write("again.jsonl", ROWS).read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_text(read, write, name):
    got = read("features: {review: {}}", write(name, b"one\r\n\nthree\x0b\xe2\x80\xa8x\nfour"))
    assert got.column("review") == [b"one", b"", b"three\x0b\xe2\x80\xa8x", b"four"]
    assert got.column("_row") == ([0, 5, 6, 17] if name == "a.txt" else [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'\xef\xbb\xbf{"text":"x"}\r\n\r\n  \n{"text":"y"}'),
        ("a.csv", b"\xef\xbb\xbftext,b\r\nx,1\r\n\r\ny,2"),
        ("a.txt", b"\xef\xbb\xbfx\r\ny"),
    ],
)
def test_marks_blanks_and_carriage_returns(read, write, name, content):
    got = read("features: {text: {}}", write(name, content))
    assert got.column("text") == [b"x", b"y"]
    assert got.books[0].read == 2


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("jsonl", b""),
        ("jsonl", b"\n \n"),
        ("jsonl.gz", b""),
        ("csv", b""),
        ("csv", b"text\n"),
        ("csv", b"text"),
        ("csv.gz", b""),
        ("txt", b""),
        ("tfrecord", b""),
        ("tfrecord.gz", b""),
    ],
)
def test_empty_files_among_full_ones(read, write, tmp_path, name, empty):
    write(f"1.{name}", empty)
    write("2.parquet", [{"text": "x"}])
    write(f"3.{name}", empty)
    got = read("features: {text: {}}", f"{tmp_path}/*")
    assert got.rows == [{"_source": 1, "_row": 0, "_split": 0, "text": b"x"}]
    assert sum(book.read for book in got.books.values()) == 1


def test_parquet_without_rows(read, write, tmp_path):
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "1.parquet")
    write("2.jsonl", [{"text": "x"}])
    assert read("features: {text: {}}", f"{tmp_path}/*").column("text") == [b"x"]


def test_parquet_rows_are_numbered_across_row_groups(read, write, monkeypatch):
    monkeypatch.setattr("beam_jobs.sources.readers.parquet.SPLIT_BYTES", 1)
    got = read("features: {text: {}}", write("a.parquet", [{"text": str(i)} for i in range(7)]))
    assert got.column("_row") == list(range(7))
    assert got.column("text") == [str(i).encode() for i in range(7)]


def test_csv_keeps_row_numbers_after_bad_rows(read, write):
    content = b'text,n\na,1\nb\n\n"c\nc",3\nd,4,5\ne,5\nf\n'
    got = read("features: {text: {}}\nkeep: [n]", write("a.csv", content))
    assert list(zip(got.column("text"), got.column("_row"), strict=True)) == [
        (b"a", 0),
        (b"c\nc", 2),
        (b"e", 4),
    ]
    assert [(reject.row, reject.unit) for reject in got.rejects] == [
        (1, "row"),
        (3, "row"),
        (5, "row"),
    ]
    assert got.reasons[1] == "got 3 fields, expected 2 as in the header: 'd,4,5'"


def test_a_column_in_two_roles(read, write):
    spec = """
features: {text: {}}
labels: {kind: {kind: category}}
splits: {column: kind, map: {"1": train, "2": test}}
"""
    got = read(spec, write("a.jsonl", [{"text": "x", "kind": 2}, {"text": "y", "kind": "1"}]))
    assert [(row["_split"], row["kind"]) for row in got.rows] == [(0, b"1"), (1, b"2")]


@pytest.mark.parametrize("beside", [b"", b"broken\n"])
def test_booleans_in_two_roles(read, write, beside):
    spec = """
features: {text: {}}
labels: {kind: {kind: binary}}
splits: {column: kind, map: {"true": train, "false": test}}
"""
    lines = b'{"text":"x","kind":true}\n{"text":"y","kind":false}\n'
    got = read(spec, write("a.jsonl", lines + beside))
    assert [(row["_split"], row["kind"]) for row in got.rows] == [(0, 1), (1, 0)]


def test_split_by_input(read, write):
    paths = [write(f"{name}.jsonl", [{"text": name}]) for name in ("test", "train", "plain")]
    got = read("features: {text: {}}", f"test={paths[0]}", f"train={paths[1]}", paths[2])
    assert [(row["_split"], row["text"]) for row in got.rows] == [
        (1, b"test"),
        (0, b"train"),
        (0, b"plain"),
    ]
    assert [got.books[i].emitted for i in range(3)] == [{1: 1}, {0: 1}, {0: 1}]
