"""Small inputs after public bug reports, in `tests/cases`, and what is right for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_files import Read, read_files

from preprocess.cli import main
from preprocess.core.errors import InputError
from preprocess.vectors.recognise import recognise

CASES = Path(__file__).parents[1] / "cases"

KEPT = {
    "k01-float-id-jsonl": ["1234567890.0", "1234567891.0"],
    "k02-float-id-parquet": ["16777216.0", "16777217.0"],
    "k04-bigint-one": ["18446744073709551615", "1234567891"],
    "k05-uint64": ["18446744073709551615", "5"],
    "k06-mixed-int-float": ["1234567890", "0.5"],
    "r36-view-keep": ["x"],
    "w13-json-bigint": ["18446744073709551615", "123456789012345678901234567890", "1"],
}
"""The texts of a kept column, in order."""

REFUSED = {
    "m01c-utf16-csv": "got text in UTF-16 (little-endian), expected UTF-8",
    "m06c-gz-notgz": "got data that are not compressed, expected gzip as the suffix .gz says",
    "p17-utf16-txt": "got text in UTF-16 (little-endian), expected UTF-8",
    "p20c-tfrecord-zlib": "got zlib, expected the content of .tfrecord",
    "r14-utf16-jsonl": "got text in UTF-16 (little-endian), expected UTF-8",
    "r15-utf16-tsv": "got text in UTF-16 (little-endian), expected UTF-8",
    "r17-gz-plain-txt": "got gzip, expected the content of .txt",
    "r18-zst-bz2": "got an unknown suffix",
    "r21-lfs": "got a pointer of Git LFS",
    "w12-jsonl-key-case": "got no row with the column 'text' in the first megabyte, expected it as "
    "the spec names it (the rows have Text, TEXT)",
}
"""What the refusal says, before any row is read."""

ROWS = {
    "m02-tsv-stray-quotes": (3, 0),
    "m04c-parquet-stringview": (3, 1),
    "p13e-csv-vs-json-cat": (5, 0),
    "p20-tfrecord-seqex": (3, 7),
    "p23f-escape-backslash": (1, 1),
    "p28c-dict-badutf8": (2, 2),
    "r01-glob-bare": (2, 0),
    "r02-glob-split": (1, 0),
    "r05-glob-doublestar": (2, 0),
    "r06-tsv-inch": (3, 0),
    "r08-csv-swallow": (2, 2),
    "r09-decimal-binary": (2, 0),
    "r11-csv-float-class": (4, 0),
    "r25-bom-mid": (2, 0),
    "r27-csv-emptyhdr": (1, 0),
    "r35-polars-like": (2, 1),
    "w10-ts-nested": (2, 0),
    "n-keyword": (2, 0),
    "n-text-dash": (2, 0),
    "n-text-dot": (2, 0),
}
"""Rows that are read, and rows that are rejected."""

VECTORS = {
    "vectors-lfs-pointer": "got a pointer of Git LFS",
    "vectors-tabs": None,
}


def read(name: str, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.chdir(CASES / name)
    inputs = json.loads(Path("case.json").read_text())["inputs"]
    return read_files(Path("spec.yaml").read_text(), *inputs)


def test_every_case_is_walked():
    known = {*KEPT, *REFUSED, *ROWS, *VECTORS}
    assert {path.name for path in CASES.iterdir()} == known


@pytest.mark.parametrize("name", KEPT)
def test_kept_values_are_those_of_the_source(name, monkeypatch):
    found = read(name, monkeypatch).column("id")
    assert [value.decode() for value in found] == KEPT[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name, monkeypatch):
    with pytest.raises(InputError) as caught:
        read(name, monkeypatch)
    assert REFUSED[name] in str(caught.value)
    assert "\0" not in str(caught.value)


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_read_or_rejected(name, monkeypatch):
    found = read(name, monkeypatch)
    assert (len(found.rows), len(found.rejects)) == ROWS[name]


def test_quotes_in_a_tsv_are_text(monkeypatch):
    assert read("r06-tsv-inch", monkeypatch).column("text") == _texts("r06-tsv-inch/a.tsv")


def _texts(path: str) -> list[bytes]:
    lines = (CASES / path).read_bytes().split(b"\n")[1:-1]
    return [line.split(b"\t")[0] for line in lines]


@pytest.mark.parametrize("name", VECTORS)
def test_files_of_vectors(name):
    [path] = [p for p in (CASES / name).iterdir() if p.name != "expected.txt"]
    if (message := VECTORS[name]) is not None:
        with pytest.raises(InputError, match=message):
            recognise(str(path))
        return
    lines = path.read_text().splitlines()
    assert recognise(str(path)).dim == len(lines[-1].split("\t")) - 1


BUILT = {
    "p13e-csv-vs-json-cat": {"classes": ["0", "1", "1.0"], "reasons": []},
    "r11-csv-float-class": {
        "classes": ["0.0", "1.0"],
        "reasons": [
            f"label: got the class '{n}', expected one that the train split holds too; it holds "
            f"'{n}.0', the same number: write both alike"
            for n in (1, 0)
        ],
    },
    "w10-ts-nested": {"classes": ["2024-01-01T00:00:00Z", "x"], "reasons": []},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILT)
def test_classes_of_builds(name, monkeypatch, tmp_path):
    monkeypatch.chdir(CASES / name)
    inputs = json.loads(Path("case.json").read_text())["inputs"]
    arguments = [part for value in inputs for part in ("--input", value)]
    with pytest.raises(SystemExit) as exited:
        main(["build", "--spec", "spec.yaml", *arguments, "--output", str(tmp_path / "out")])
    assert exited.value.code == 0
    classes = (tmp_path / "out/vocabulary/label.classes.txt").read_text().splitlines()
    assert [line.split("\t")[0] for line in classes] == BUILT[name]["classes"]
    assert list(_reasons(tmp_path / "out")) == BUILT[name]["reasons"]


def _reasons(artifact: Path) -> Iterator[str]:
    lines = [line for p in (artifact / "rejected").glob("*") for line in p.read_text().splitlines()]
    rows = sorted((json.loads(line) for line in lines), key=lambda row: row["row"])
    return (row["reason"] for row in rows)
