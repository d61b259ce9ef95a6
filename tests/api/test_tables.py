"""Tables in memory: built, verified and predicted like files of the same rows."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from artifact_files import contents
from processes import run_python

import preprocess
from preprocess.api.input_data import given_data, table_of

pytestmark = pytest.mark.slow

WORDS = ("a", "good", "film", "bad", "dull", "superb", "and", "fine")
ROWS = [
    {
        "id": f"r{n}",
        "text": " ".join(WORDS[(n * k) % len(WORDS)] for k in range(1 + n % 6)),
        "stars": n / 3,
        "label": n % 2,
    }
    for n in range(60)
]
SPEC: dict[str, Any] = {
    "features": {"text": {"max_length": 8}, "stars": {"kind": "numeric"}},
    "labels": {"label": {"kind": "binary"}},
    "keep": ["id"],
    "buckets": {"count": 2},
    "output": {"shards": 2},
}
TRAIN, TEST = pa.Table.from_pylist(ROWS[:40]), pa.Table.from_pylist(ROWS[40:])


class HuggingFaceDataset:
    """What a Dataset of Hugging Face offers: rows in Arrow's format, through its indices."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def select(self, rows: list[int]) -> HuggingFaceDataset:
        return HuggingFaceDataset(self._table.take(rows))

    def with_format(self, kind: str) -> HuggingFaceDataset:
        assert kind == "arrow"
        return self

    def __getitem__(self, key: slice) -> pa.Table:
        return self._table[key]


class Exporting:
    """Nothing but Arrow's C interface, as polars has it."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    pq.write_table(TRAIN, folder / "train.parquet")
    pq.write_table(TEST, folder / "test.parquet")
    (folder / "spec.json").write_text(json.dumps(SPEC))
    return folder


@pytest.fixture(scope="module")
def by_command(folder: Path) -> dict[str, str]:
    """What the command line makes of files."""
    run_python(
        *("-m", "preprocess.cli", "build", "--spec", "spec.json", "--output", "by-command"),
        *("--input", "train=train.parquet", "--input", "test=test.parquet"),
        cwd=folder,
    )
    return contents(folder / "by-command")


@pytest.fixture(scope="module")
def built(folder: Path) -> preprocess.Artifact:
    """What a program builds of tables."""
    return preprocess.build(SPEC, {"train": TRAIN, "test": TEST}, folder / "tables")


FORMS = {
    "files": lambda folder, split, table: str(folder / f"{split}.parquet"),
    "a list of paths": lambda folder, split, table: [folder / f"{split}.parquet"],
    "pandas": lambda folder, split, table: table.to_pandas(),
    "Arrow's C interface": lambda folder, split, table: Exporting(table),
    "Hugging Face": lambda folder, split, table: HuggingFaceDataset(table),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_bytes_as_the_command_line(
    form: str, folder: Path, by_command: dict[str, str], tmp_path: Path
) -> None:
    data = {
        split: FORMS[form](folder, split, table)
        for split, table in (("train", TRAIN), ("test", TEST))
    }
    artifact = preprocess.build(SPEC, data, tmp_path / "out", options={"direct_num_workers": 1})
    assert contents(Path(artifact.path)) == by_command


def test_a_table_of_arrow(built: preprocess.Artifact, by_command: dict[str, str]) -> None:
    assert contents(Path(built.path)) == by_command
    assert [(i.path, i.split, i.read) for i in built.manifest.inputs] == [
        ("table:train", "train", 40),
        ("table:test", "test", 20),
    ]
    assert all(len(file.sha256 or "") == 64 for file in built.manifest.inputs)


def test_verify_with_the_tables_that_are_held(built: preprocess.Artifact) -> None:
    built.verify()


def test_another_object_needs_the_data(built: preprocess.Artifact, folder: Path) -> None:
    opened = preprocess.Artifact.open(built.path)
    with pytest.raises(preprocess.InputError, match=r"call preprocess\.Artifact\.open\(.*verify\("):
        opened.verify()
    opened.verify({"train": str(folder / "train.parquet"), "test": TEST})


def test_other_rows_differ(built: preprocess.Artifact) -> None:
    changed = TRAIN.set_column(1, "text", pa.array(["dull"] * 40))
    with pytest.raises(preprocess.VerificationError, match=r"60 records agree; \d+ differ"):
        preprocess.Artifact.open(built.path).verify({"train": changed, "test": TEST})


def test_a_held_table_that_has_changed(tmp_path: Path) -> None:
    frame = pd.DataFrame(ROWS[:10])
    scores = frame["stars"].to_numpy(copy=True)
    table = pa.table({"text": TRAIN["text"][:10], "stars": scores, "label": TRAIN["label"][:10]})
    spec = {key: value for key, value in SPEC.items() if key != "keep"}
    artifact = preprocess.build(spec, table, tmp_path / "out")
    assert artifact.manifest.inputs[0].path == "table:train"
    scores[0] = 77.0  # which Arrow shares
    with pytest.raises(preprocess.InputError, match="got other rows than when the artifact was"):
        artifact.verify()


def test_a_table_whose_splits_the_spec_assigns(tmp_path: Path) -> None:
    spec = {**SPEC, "splits": {"by": "id", "fractions": {"train": 0.5, "test": 0.5}}}
    artifact = preprocess.build(spec, TRAIN, tmp_path / "out")
    assert artifact.manifest.inputs[0].path == "table:rows"
    assert set(artifact.manifest.splits) == {"train", "test"}
    artifact.verify()


def test_chunks_do_not_matter() -> None:
    cut = pa.concat_tables([TRAIN.slice(0, 7), TRAIN.slice(7)])
    assert _hash(cut) == _hash(TRAIN) != _hash(TEST)


def _hash(table: pa.Table) -> str:
    with given_data({"train": table}).stored(set(table.column_names)) as [stored]:
        assert os.path.exists(stored.path)
    assert not os.path.exists(stored.path)
    return stored.sha256


def test_nothing_is_left_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(preprocess.InputError, match=r"^table:train: got no column 'body'"):
        preprocess.build({"features": {"text": {"column": "body"}}}, TRAIN, tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_an_index_that_has_a_name_is_a_column() -> None:
    frame = pd.DataFrame({"text": ["a"]}, index=pd.Index(["x"], name="id"))
    table = table_of(frame, "data")
    assert table is not None and table.column("id").to_pylist() == ["x"]


MISTAKES = {
    "no table": (5, preprocess.UsageError, "data: got int, expected a glob"),
    "nothing": ([], preprocess.UsageError, "data: got list, expected a glob"),
    "tables in a list": ([TRAIN], preprocess.UsageError, "data: got a list with Table in it"),
    "split": ({"a b": TRAIN}, preprocess.UsageError, "data: got the split 'a b'"),
    "part": ({"train": 5}, preprocess.UsageError, r"data\['train'\]: got int"),
    "mixed": (
        pd.DataFrame({"text": ["a", 5, b"x"]}),
        preprocess.InputError,
        "data: got a table that Arrow cannot hold",
    ),
}


@pytest.mark.parametrize(("data", "error", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(data: Any, error: type[Exception], message: str, tmp_path: Path) -> None:
    with pytest.raises(error, match=message):
        preprocess.build({"features": {"text": {}}}, data, tmp_path / "out")
