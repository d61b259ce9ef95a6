"""A manifest whose digest fits, but that contradicts itself, its spec or its files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_model import write_model
from small_artifact import FULL, SmallArtifact
from vouching import edit_manifest

import preprocess
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError
from preprocess.inspection.artifact_summary import inspect_artifact
from preprocess.verification.artifact_records import found_rows

Path_ = tuple[str | int, ...]

BOTH: dict[str, tuple[Path_, Any, str]] = {
    "no vocabularies": (("vocabulary_sizes",), {}, "vocabulary_sizes: got none, expected words"),
    "another vocabulary": (("vocabulary_sizes",), {"x": 6}, "vocabulary_sizes: got x, expected"),
    "no ids": (("vocabulary_sizes", "words"), 1, "vocabulary_sizes.words: got 1, expected at lea"),
    "ids below 0": (("vocabulary_sizes", "words"), -3, "vocabulary_sizes.words: got -3, expected"),
    "ids beyond int64": (("vocabulary_sizes", "words"), 10**30, "vocabulary_sizes.words: got 1000"),
    "no classes": (("classes",), {}, "classes: got none, expected topic, tags as in the spec"),
    "a class twice": (("classes", "topic"), ["a", "a"], "classes.topic: got a class twice, expec"),
    "nothing kept": (("kept",), {}, "kept: got none, expected id, source as in the spec"),
    "a file above": (("files", 0, "path"), "../x", "files.0.path: got '../x', expected a path be"),
    "a file at the root": (("files", 0, "path"), "/etc/passwd", "files.0.path: got '/etc/passwd'"),
    "a file with NUL": (("files", 0, "path"), "a\0", r"files.0.path: got 'a\x00', expected a path"),
    "no file": (("files", 0, "path"), "", "files.0.path: got '', expected a path below the fold"),
    "a digest": (("files", 0, "sha256"), "\x1b[31m", r"files.0.sha256: got '\x1b[31m', expected"),
    "bytes below 0": (("files", 0, "bytes"), -5, "files.0.bytes: got -5, expected greater than"),
    "a tail": (("files", 0, "tail"), "zz", "files.0.tail: got 'zz', expected "),
}
ARTIFACTS: dict[str, tuple[Path_, Any, str]] = {
    **BOTH,
    "no boundaries": (("buckets", "boundaries"), [], "buckets.boundaries: "),
    "boundaries that fall": (("buckets", "boundaries"), [4, 2, 8], "buckets.boundaries: got 2 aft"),
    "a boundary of 0": (("buckets", "boundaries"), [0, 2], "buckets.boundaries.0: got 0, expected"),
    "boundaries of others": (("buckets", "boundaries"), [2, 4, 9], "rows.written.train: got 4 rec"),
    "a boundary less": (("buckets", "boundaries"), [4, 8], "rows.written."),
    "a length of 0": (("buckets", "lengths", "title"), 0, "buckets.lengths.title: got 0, expected"),
    "no lengths": (("buckets", "lengths"), {}, "buckets.by and buckets.lengths: got text, expecte"),
    "buckets by none": (("buckets", "by"), "x", "buckets.by and buckets.lengths: got x, title, ex"),
    "records": (
        ("files", 0, "records"),
        999,
        "rows.written.test: got 1 records, expected the 1,00",
    ),
    "rows read": (("rows", "read"), 7, "rows.read: got 7 rows, expected the 5 that were written"),
    "rows of a split": (("rows", "written", "test"), 2, "rows.read: got 5 rows, expected the 6 "),
    "other splits": (("rows", "written"), {"../x": 5}, "rows.written.../x: got 5 records, expect"),
    "rejected below 0": (("rows", "rejected"), -1, "rows.rejected: got -1, expected greater than"),
}
MODELS: dict[str, tuple[Path_, Any, str]] = {
    **{name: case for name, case in BOTH.items() if name != "a tail"},
    "a label of another kind": (("labels", "topic"), "binary", "labels.topic: got 'binary', expec"),
    "a label more": (("labels", "x"), "binary", "labels.x: got 'binary', expected a label of the"),
    "an embedding": (("embeddings", "words.text", "vocabulary"), "x", "embeddings.words.text.voc"),
    "epochs": (("outcome", "epochs"), -1, "outcome.epochs: got -1, expected greater than or equ"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact and a model, to be copied."""
    folder = tmp_path_factory.mktemp("whole")
    small = SmallArtifact({"train": [1, 2, 5, 8], "test": [3]}, declared=FULL)
    write_model(small.write(folder / "a"), folder / "m")
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _edit(folder: Path, path: Path_, value: Any) -> Path:
    def edit(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return edit_manifest(folder, edit)


READERS: dict[str, Callable[[str], object]] = {
    "open": preprocess.Artifact.open,
    "verify": lambda path: list(found_rows(OpenedArtifact.open(path))),
    "inspect": lambda path: inspect_artifact(OpenedArtifact.open(path), 1),
    "read": lambda path: preprocess.dataset(path, "train"),
    "train": lambda path: preprocess.train(path, preprocess.ModelFile(), f"{path}-model"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ARTIFACTS)
def test_an_artifact_that_contradicts_itself(folder: Path, name: str, reader: str) -> None:
    path, value, message = ARTIFACTS[name]
    manifest = _edit(folder / "a", path, value)
    with pytest.raises(ArtifactError) as raised:
        READERS[reader](str(folder / "a"))
    assert str(raised.value).startswith(f"{manifest}: {message}")
    assert str(raised.value).endswith("; run `text2seq build` again")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_contradicts_itself(folder: Path, name: str) -> None:
    path, value, message = MODELS[name]
    manifest = _edit(folder / "m", path, value)
    with pytest.raises(ArtifactError) as raised:
        preprocess.read_model_manifest(str(folder / "m"))
    assert str(raised.value).startswith(f"{manifest}: {message}")


def test_a_file_is_listed_once(folder: Path) -> None:
    edit_manifest(folder / "a", lambda data: data["files"].append(data["files"][-1]))
    with pytest.raises(ArtifactError, match=r"files: got '.*' twice, expected each file once"):
        preprocess.read_manifest(str(folder / "a"))


FILES: dict[str, tuple[Path_, Any, str]] = {
    "more words": (("vocabulary_sizes", "words"), 99, "vocabulary/words.tsv: got 6 ids, expected"),
    "fewer words": (("vocabulary_sizes", "words"), 3, "vocabulary/words.tsv: got 6 ids, expected"),
    "fewer classes": (("classes", "topic"), ["art"], "vocabulary/topic.classes.txt: got 2 class"),
    "other classes": (("classes", "tags"), ["a", "b", "x"], "vocabulary/tags.classes.txt: got 3"),
}


@pytest.mark.parametrize("name", FILES)
def test_words_and_classes_are_those_of_the_files(folder: Path, name: str) -> None:
    path, value, message = FILES[name]
    _edit(folder / "a", path, value)
    with pytest.raises(ArtifactError) as raised:
        OpenedArtifact.open(str(folder / "a")).check_vocabularies()
    assert str(raised.value).startswith(f"{folder}/a/{message}")


@pytest.mark.parametrize("classes", [[], ["art"]])
def test_statistics_count_the_classes_of_the_manifest(folder: Path, classes: list[str]) -> None:
    _edit(folder / "a", ("classes", "topic"), classes)
    for read in (lambda a: a.statistics, lambda a: inspect_artifact(a, 0)):
        with pytest.raises(
            ArtifactError, match=r"statistics\.json: got class 1 of topic, expected"
        ):
            read(OpenedArtifact.open(str(folder / "a")))


def test_what_is_trained_on_is_compared_with_its_files(folder: Path) -> None:
    for name, (path, value, message) in FILES.items():
        changed = Path(shutil.copytree(folder / "a", folder / name))
        _edit(changed, path, value)
        with pytest.raises(ArtifactError) as raised:
            preprocess.train(str(changed), preprocess.ModelFile(), str(folder / "trained"))
        assert str(raised.value).startswith(f"{changed}/{message}")


@pytest.mark.parametrize("shards", [2, "auto"])
def test_a_bucket_lacks_none_of_its_shards(folder: Path, shards: int | str) -> None:
    def lose(data: dict[str, Any]) -> None:
        data["spec"]["output"]["shards"] = shards
        _, empty = _of_one_bucket(data["files"])
        data["files"].remove(empty)

    edit_manifest(folder / "a", lose)
    last = {2: 1, "auto": 0}[shards]
    expected = f"those from part-00000-of-0000{last + 1} to part-0000{last}-of-0000{last + 1}"
    with pytest.raises(ArtifactError, match=f"files: got 1 files in examples/test/.*{expected}"):
        OpenedArtifact.open(str(folder / "a"))


@pytest.mark.parametrize("shards", [1, 3])
def test_a_fixed_number_of_shards_is_that_of_every_bucket(folder: Path, shards: int) -> None:
    _edit(folder / "a", ("spec", "output", "shards"), shards)
    with pytest.raises(ArtifactError, match="files: got 2 files in examples/train/bucket-00002, "):
        OpenedArtifact.open(str(folder / "a"))


def test_shards_by_size_are_as_many_as_there_are(folder: Path) -> None:
    _edit(folder / "a", ("spec", "output", "shards"), "auto")
    opened = OpenedArtifact.open(str(folder / "a"))
    assert len(opened.shards("train", 2)) == 2


def test_records_are_counted_file_by_file(folder: Path) -> None:
    def exchange(data: dict[str, Any]) -> None:
        full, empty = _of_one_bucket(data["files"])
        full["records"], empty["records"] = empty["records"], full["records"]

    edit_manifest(folder / "a", exchange)
    with pytest.raises(ArtifactError, match=r"part-.*: got \d records, expected \d as manifest"):
        list(found_rows(OpenedArtifact.open(str(folder / "a"))))


def _of_one_bucket(files: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two files of one bucket that hold different numbers of records."""
    shards = [file for file in files if file["path"].startswith("examples/test/bucket-00004/")]
    full, empty = sorted(shards, key=lambda file: file["records"], reverse=True)
    assert full["records"] > empty["records"]
    return full, empty
