"""--input values, globs, and the order of files."""

from __future__ import annotations

import pickle

import pytest

from beam_jobs.sources import Input, InputSplit, SourceFile, expand, input_splits, parse_inputs
from preprocess.core.errors import InputError, UsageError


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a.jsonl", Input(None, "a.jsonl")),
        ("train=a.jsonl", Input("train", "a.jsonl")),
        ("dev_2-x=a=b.jsonl", Input("dev_2-x", "a=b.jsonl")),
        ("1st=a.jsonl", Input(None, "1st=a.jsonl")),
        ("data/x=1/a.jsonl", Input(None, "data/x=1/a.jsonl")),
        ("train=", UsageError),
    ],
)
def test_parse(value, expected):
    if expected is UsageError:
        with pytest.raises(UsageError, match="train=GLOB"):
            parse_inputs([value])
    else:
        assert parse_inputs([value]) == [expected]


def test_a_value_that_matches_files_is_a_path(write, tmp_path, monkeypatch):
    write("date=2026-01-01/part-0.jsonl", b"")
    monkeypatch.chdir(tmp_path)
    value = "date=2026-01-01/part-*.jsonl"
    assert parse_inputs([value]) == [Input(None, value)]
    assert [file.path for file in expand(parse_inputs([value]))] == ["date=2026-01-01/part-0.jsonl"]


def test_order_size_and_format(write, tmp_path):
    write("b/2.jsonl", b"{}")
    write("b/1.csv.gz", b"")
    write("a.tsv", b"")
    files = expand([Input("train", f"{tmp_path}/b/*"), Input("test", f"{tmp_path}/a.tsv")])
    assert [(f.index, f.path.rsplit("/", 1)[1], f.split, f.format) for f in files] == [
        (0, "1.csv.gz", "train", "csv"),
        (1, "2.jsonl", "train", "jsonl"),
        (2, "a.tsv", "test", "tsv"),
    ]
    assert files[1].size == 2


def test_a_file_counts_once(write, tmp_path):
    path = write("a.txt", b"")
    glob, direct = Input(None, f"{tmp_path}/*.txt"), Input(None, f"{tmp_path}/./a.txt")
    assert [file.path for file in expand([glob, direct])] == [str(path)]
    with pytest.raises(InputError, match=r"a\.txt: got it in two splits \(train and test\)"):
        expand([Input("train", str(path)), Input("test", str(path))])


def test_a_literal_path_may_hold_glob_characters(write):
    path = write("a[1].txt", b"x")
    assert [file.path for file in expand([Input(None, str(path))])] == [str(path)]


@pytest.mark.parametrize(
    ("name", "pattern", "message"),
    [
        ("a.jsonl", "no-*.jsonl", r"no-\*\.jsonl: got no file that matches"),
        (
            "a.json",
            "*",
            r"a\.json: got an unknown suffix, expected one of \.csv, \.csv\.gz",
        ),
        ("d.parquet/a.parquet", "d.parquet", r"a directory.*glob such as .*d\.parquet/\*\.parquet"),
        ("d/a.parquet", "d/", "got a directory"),
        ("d/a.parquet", "d", "got a directory"),
    ],
)
def test_refused(write, tmp_path, name, pattern, message):
    write(name, b"")
    with pytest.raises(InputError, match=message) as caught:
        expand([Input(None, f"{tmp_path}/{pattern}")])
    assert caught.value.exit_code == 2


def test_an_unknown_file_system_is_named():
    with pytest.raises(InputError, match=r"nosuch://a/b\.txt: its file system cannot be read"):
        expand([Input(None, "nosuch://a/b.txt")])


def test_files_and_pieces_pickle():
    file = SourceFile(0, "a.jsonl", 20 << 20, "train", "jsonl")
    cut = input_splits(file)
    assert cut == [
        InputSplit(file, 0, 8 << 20),
        InputSplit(file, 8 << 20, 16 << 20),
        InputSplit(file, 16 << 20, 20 << 20),
    ]
    assert pickle.loads(pickle.dumps(cut)) == cut
    assert len(pickle.dumps(cut[0])) < 400


@pytest.mark.parametrize("path", ["a.jsonl.gz", "a.csv", "a.tfrecord"])
def test_what_cannot_be_cut_is_one_piece(path):
    file = SourceFile(0, path, 20 << 20, None, path.split(".")[1])
    assert input_splits(file) == [InputSplit(file, 0, 20 << 20)]


def test_parquet_is_cut_by_row_group(write, monkeypatch):
    path = write("a.parquet", [{"text": str(i)} for i in range(6)])
    [file] = expand([Input(None, str(path))])
    assert input_splits(file) == [InputSplit(file, 0, 3)]
    monkeypatch.setattr("beam_jobs.sources.readers.parquet.SPLIT_BYTES", 1)
    assert input_splits(file) == [
        InputSplit(file, 0, 1),
        InputSplit(file, 1, 2),
        InputSplit(file, 2, 3),
    ]
