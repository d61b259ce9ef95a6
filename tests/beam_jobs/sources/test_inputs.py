"""--input values, globs, and the order of files."""

from __future__ import annotations

import pickle
import re

import pytest

from beam_jobs.sources import Input, InputSplit, SourceFile, expand, input_splits, parse_inputs
from preprocess.core.errors import InputError, UsageError

# The files there are, what is given, and what it means.
MEANINGS = {
    "a bare name": (["a.jsonl"], "a.jsonl", Input(None, "a.jsonl")),
    "a path with ./": (["a.jsonl"], "./a.jsonl", Input(None, "./a.jsonl")),
    "a split": (["a.jsonl"], "train=a.jsonl", Input("train", "a.jsonl")),
    "a split and a glob": (["a-1.jsonl"], "train=a-*.jsonl", Input("train", "a-*.jsonl")),
    "a split and a path with ./": (["a.jsonl"], "train=./a.jsonl", Input("train", "./a.jsonl")),
    "a second =": (["a=b.jsonl"], "dev_2-x=a=b.jsonl", Input("dev_2-x", "a=b.jsonl")),
    "no plain name": ([], "1st=a.jsonl", Input(None, "1st=a.jsonl")),
    "a name with a slash": ([], "d/x=1/a.jsonl", Input(None, "d/x=1/a.jsonl")),
    "a file": (["train=a.jsonl"], "train=a.jsonl", Input(None, "train=a.jsonl")),
    "a folder": (["y=1/a.jsonl"], "y=1/*.jsonl", Input(None, "y=1/*.jsonl")),
    "a glob": (["y=1/a.jsonl", "y=2/a.jsonl"], "y=*/a.jsonl", Input(None, "y=*/a.jsonl")),
    "a glob in the name's folder": (["y=1/a.txt"], "y=*/*.txt", Input(None, "y=*/*.txt")),
    "folders": (["y=1/z/a.jsonl"], "y=1/**", Input(None, "y=1/**")),
    "a path, both there": (["x=a.txt", "a.txt"], "./x=a.txt", Input(None, "./x=a.txt")),
    "a split, both there": (["x=a.txt", "a.txt"], "x=./a.txt", Input("x", "./a.txt")),
}


@pytest.fixture
def here(write, tmp_path, monkeypatch):
    """Writes empty files below what becomes the working directory."""

    def written(names):
        monkeypatch.chdir(tmp_path)
        for name in names:
            write(name, b"")

    return written


@pytest.mark.parametrize("case", MEANINGS)
def test_parse(here, case):
    names, value, expected = MEANINGS[case]
    here(names)
    assert parse_inputs([value]) == [expected]


def test_what_a_value_means_is_what_is_read(here):
    here(["date=1/part-0.jsonl", "train-0.jsonl", "train-1.jsonl"])
    files = expand(parse_inputs(["date=1/part-*.jsonl", "train=train-*.jsonl"]))
    assert [(file.path, file.split) for file in files] == [
        ("date=1/part-0.jsonl", None),
        ("train-0.jsonl", "train"),
        ("train-1.jsonl", "train"),
    ]


@pytest.mark.parametrize("start", ["{}/", "file://{}/"])
def test_absolute_paths_and_uris(here, tmp_path, start):
    here(["a.txt"])
    path = start.format(tmp_path) + "a.txt"
    assert parse_inputs([path, f"train={path}"]) == [Input(None, path), Input("train", path)]
    assert [file.path for file in expand(parse_inputs([path]))] == [path]


def test_a_split_of_a_file_system_that_is_not_there():
    with pytest.raises(InputError, match=r"^--input nosuch://a: its file system cannot be read"):
        parse_inputs(["train=nosuch://a"])


def test_two_meanings_are_refused_and_both_spelt(here, tmp_path):
    here(["train=a.txt", "a.txt"])
    with pytest.raises(UsageError) as caught:
        parse_inputs(["train=a.txt"])
    assert str(caught.value) == (
        "--input train=a.txt: got files at train=a.txt and at a.txt, expected one of them; "
        "give ./train=a.txt for the path, train=./a.txt for the split train"
    )


def test_a_glob_of_two_meanings(here):
    here(["y=1/a.txt", "z/a.txt"])
    with pytest.raises(UsageError, match=r"got files at y=\*/a\.txt and at \*/a\.txt"):
        parse_inputs(["y=*/a.txt"])


def test_two_meanings_of_an_absolute_path(here, tmp_path):
    here([f"train={tmp_path}/a.txt", "a.txt"])
    with pytest.raises(UsageError, match="got files at") as caught:
        parse_inputs([f"train={tmp_path}/a.txt"])
    path, split = re.search(
        "give (.*) for the path, (.*) for the split", str(caught.value)
    ).groups()
    assert [item.split for item in parse_inputs([path, split])] == [None, "train"]


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("train=", UsageError, "--input train=: got no path after '=', expected train=GLOB"),
        (
            "train=a-*.jsonl",
            InputError,
            "--input train=a-*.jsonl: got no file that matches a-*.jsonl, for the split train, and "
            "none that matches train=a-*.jsonl, expected at least one; check the path (the working "
            "directory is {})",
        ),
    ],
)
def test_no_meaning(here, tmp_path, value, error, message):
    here([])
    with pytest.raises(error) as caught:
        parse_inputs([value])
    assert str(caught.value) == message.format(tmp_path)


@pytest.mark.parametrize("value", ["d.x", "train=d.x", "train=."])
def test_a_folder_is_refused_as_one(here, value):
    here(["d.x/a.txt"])
    with pytest.raises(InputError, match="got a directory"):
        expand(parse_inputs([value]))


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
            r"a\.json: got an unknown suffix, expected one of \.arrow, \.arrows, \.feather, \.csv",
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
        InputSplit(file, 0, 8 << 20, 20 << 20),
        InputSplit(file, 8 << 20, 16 << 20, 20 << 20),
        InputSplit(file, 16 << 20, 20 << 20, 20 << 20),
    ]
    assert pickle.loads(pickle.dumps(cut)) == cut
    assert len(pickle.dumps(cut[0])) < 500


@pytest.mark.parametrize("path", ["a.jsonl.gz", "a.csv", "a.tfrecord"])
def test_what_cannot_be_cut_is_one_piece(path):
    file = SourceFile(0, path, 20 << 20, None, path.split(".")[1])
    assert input_splits(file) == [InputSplit(file, 0, 20 << 20, 20 << 20)]


def test_parquet_is_cut_by_row_group(write, monkeypatch):
    path = write("a.parquet", [{"text": str(i)} for i in range(6)])
    [file] = expand([Input(None, str(path))])
    assert input_splits(file) == [InputSplit(file, 0, 3, 3)]
    monkeypatch.setattr("beam_jobs.sources.readers.parquet.SPLIT_BYTES", 1)
    assert input_splits(file) == [
        InputSplit(file, 0, 1, 3),
        InputSplit(file, 1, 2, 3),
        InputSplit(file, 2, 3, 3),
    ]


def test_a_path_and_its_uri_are_one_file(write):
    path = write("a.jsonl", [{"text": "x"}])
    inputs = [Input("train", str(path)), Input("train", f"file://{path}")]
    assert len(expand(inputs)) == 1
    with pytest.raises(InputError, match="got it in two splits"):
        expand([inputs[0], Input("test", f"file://{path}")])
