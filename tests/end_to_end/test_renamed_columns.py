"""Columns of any name, read under plain ones."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tensorflow as tf
from artifact_files import records_of, rejected_of, words_of

from preprocess.cli import main
from preprocess.core.errors import InputError

pytestmark = pytest.mark.slow

SPEC = """
features:
  text: {column: "#1 String", max_length: 4}
  title: {column: "my text"}
  again: {column: "my text", vocabulary: others}
  size: {kind: numeric, column: "a.b/c"}
labels:
  label: {column: ラベル}
  kind: {kind: category, column: "#2 String"}
vocabularies: {words: {}, others: {}}
splits: SPLITS
keep: [id, {name: note, column: "my note"}, {name: same, column: "#1 String"}]
buckets: {boundaries: [4]}
rejects: {max_fraction: 0.5}
output: {shards: 1}
"""
BY_COLUMN = '{column: "the split", map: {a: train, b: test}}'
BY_HASH = '{by: "the split", fractions: {train: 1}}'
ROWS = [
    {
        "#1 String": f"one w{number}", "my text": "b", "a.b/c": number / 2, "ラベル": number % 2,
        "#2 String": "xy"[number % 2], "my note": f"note {number}", "id": f"{number}",
        "the split": "ab"[number // 4], "label": "not this", "text": "nor this",
    }
    for number in range(6)
]  # fmt: skip


def _jsonl() -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def _delimited(delimiter: str) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(ROWS[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)
    return file.getvalue().encode()


def _parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(ROWS), sink)
    return sink.getvalue().to_pybytes()


FILES: Mapping[str, Callable[[], bytes]] = {
    "rows.jsonl": _jsonl,
    "rows.csv": lambda: _delimited(","),
    "rows.tsv": lambda: _delimited("\t"),
    "rows.parquet": _parquet,
}


def _spec(splits: str = BY_COLUMN) -> str:
    return SPEC.replace("SPLITS", splits)


@pytest.mark.parametrize("name", FILES)
def test_every_format_is_read_under_the_names(build_in, agrees, name: str) -> None:
    artifact = build_in(_spec(), {name: FILES[name]()})
    words = words_of(artifact)
    train = sorted(records_of(artifact, "train"), key=lambda record: record["id"])
    assert [record["id"] for record in train] == [b"0", b"1", b"2", b"3"]
    assert train[3] == {
        "text": [words["one"], words["w3"], 0, 0], "text_length": 2,
        "title": words["b"], "title_length": 1,
        "again": words_of(artifact, "others")["b"], "again_length": 1,
        "size": 1.5, "label": 1, "kind": 1,
        "id": b"3", "note": b"note 3", "same": b"one w3",
    }  # fmt: skip
    assert len(records_of(artifact, "test")) == 2
    agrees(artifact)


def test_rows_are_split_by_the_hash_of_any_column(build_in, agrees) -> None:
    artifact = build_in(_spec(BY_HASH), {"rows.jsonl": _jsonl()})
    assert len(records_of(artifact, "train")) == len(ROWS)
    agrees(artifact)


def test_messages_name_the_raw_column(build_in) -> None:
    rows = [
        *ROWS,
        {**ROWS[0], "my text": None},
        {**ROWS[0], "ラベル": 3},
        {**ROWS[0], "the split": "c"},
    ]
    artifact = build_in(_spec(), {"rows.jsonl": rows})
    assert sorted(rejected["reason"] for rejected in rejected_of(artifact)) == [
        "column 'my text': got nothing (missing or null), expected text in UTF-8",
        "column 'the split': got 'c', expected one of the splits' map: a, b",
        "column 'ラベル': got 3, expected 0, 1, false or true",
    ]


def test_a_missing_raw_column_is_named(build_in) -> None:
    content = _delimited(",").replace(b"my note", b"my notes")
    with pytest.raises(InputError, match="got no column 'my note', expected it as the spec names"):
        build_in(_spec(), {"rows.csv": content})


def test_a_schema_speaks_of_raw_columns(build_in, agrees, tmp_path: Path) -> None:
    kinds = {**dict.fromkeys(ROWS[0], "BYTES"), "a.b/c": "FLOAT", "ラベル": "INT"}
    schema = "".join(
        f'feature {{ name: "{name}" type: {kind} }}\n' for name, kind in kinds.items()
    ).replace('"a.b/c" type: FLOAT', '"a.b/c" type: FLOAT float_domain { max: 2 }')
    (tmp_path / "s.pbtxt").write_text(schema)
    artifact = build_in(_spec(), {"rows.jsonl": _jsonl()}, schema=str(tmp_path / "s.pbtxt"))
    assert [rejected["reason"] for rejected in rejected_of(artifact)] == [
        "column 'a.b/c': got 2.5, outside the schema's domain ..2"
    ]
    agrees(artifact)


MODEL = """
text: {embedding: {dim: 2}, encoder: {kind: average}}
training: {epochs: 1}
"""


@pytest.mark.parametrize("name", FILES)
def test_a_model_predicts_files_of_raw_columns(
    trained: Path, tmp_path: Path, capsys, name: str
) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    assert _exit_code("predict", "--model", trained, "--input", tmp_path / name) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [set(answer) for answer in answers] == [{"id", "note", "same", "label", "kind"}] * 6
    assert [answer["note"] for answer in answers] == [row["my note"] for row in ROWS]


def test_serving_asks_for_plain_names(trained: Path) -> None:
    loaded = tf.saved_model.load(str(trained / "serving"))
    asked = loaded.signatures["serving_default"].structured_input_signature
    assert asked[0] == ()
    assert set(asked[1]) == {"text", "title", "again", "size"}


def test_a_model_fits_an_artifact_of_other_columns(
    trained: Path, build_once, tmp_path, capsys
) -> None:
    plain = {"#1 String": "text", "my text": "title", "a.b/c": "size", "ラベル": "label"}
    rows = [
        {plain.get(name, name): value for name, value in _without_plain(row).items()}
        for row in ROWS
    ]
    spec = _spec()
    for column, name in plain.items():
        spec = spec.replace(f'"{column}"', name).replace(column, name)
    artifact = build_once(spec, {"rows.jsonl": rows}, output="plain")
    code = _exit_code("evaluate", "--model", trained, "--artifact", artifact, "--split", "test")
    assert code == 0, capsys.readouterr().err


def _without_plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("label", "text")}


@pytest.fixture(scope="module")
def trained(build_once) -> Path:
    artifact = build_once(_spec(), {"rows.jsonl": _jsonl()}, output="renamed")
    folder = artifact.parent
    (folder / "m.yaml").write_text(MODEL)
    files = ["--artifact", artifact, "--model", folder / "m.yaml", "--output", folder / "model"]
    assert _exit_code("train", *files) == 0
    return folder / "model"


def _exit_code(*arguments: str | Path) -> object:
    with pytest.raises(SystemExit) as exited:
        main([str(argument) for argument in arguments])
    return exited.value.code
