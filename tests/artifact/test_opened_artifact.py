"""An opened artifact: what it gives, what it refuses, and that it reads once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_artifact import FULL, SmallArtifact

import preprocess
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.word_index import WordIndex
from preprocess.core.errors import ArtifactError, UsageError


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    lengths = {"train": [1, 2, 5, 8], "test": [3]}
    artifact = SmallArtifact(lengths, declared=FULL, rejected=("a", "b", "a"))
    return artifact.write(tmp_path_factory.mktemp("artifact") / "artifact")


@pytest.fixture(scope="module", params=["inner", "public"])
def artifact(request: pytest.FixtureRequest, path: str) -> Any:
    """The value that functions take, and the face that programs see."""
    return OpenedArtifact.open(path) if request.param == "inner" else preprocess.Artifact.open(path)


def test_what_it_gives(artifact: Any, path: str) -> None:
    assert artifact.path == path
    assert artifact.manifest == preprocess.read_manifest(path)
    assert artifact.spec == artifact.manifest.spec
    assert artifact.statistics.of("train").records == 4
    assert artifact.statistics.of("nowhere").records == 0
    assert artifact.word_index("words")["cat"] == 3
    names = {label: list(artifact.classes(label)) for label in artifact.spec.labels}
    assert names == {
        "label": ["0", "1"],
        "topic": ["art", "sport"],
        "tags": ["a", "b", "c"],
        "score": [],
        "place": [],
    }


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda a: a.word_index("wörds"), "got the vocabulary 'wörds', expected one of words"),
        (lambda a: a.classes("x"), "got the label 'x', expected one of label, topic, tags"),
    ],
)
def test_unknown_names(artifact: Any, path: str, ask: Callable, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        ask(artifact)
    assert str(raised.value).startswith(f"{path}: {message}")


def test_shards(path: str) -> None:
    opened = OpenedArtifact.open(path)
    held = sum(opened.records("train", boundary) for boundary in opened.manifest.buckets.boundaries)
    assert held == 4
    for file in opened.shards("train", 8):
        assert file.path.startswith("examples/train/bucket-00008/")
    with pytest.raises(UsageError, match="got the bucket 9, expected one of 2, 4, 8"):
        opened.shards("train", 9)
    with pytest.raises(UsageError, match="got the split 'dev', expected one of train, test"):
        opened.records("dev", 8)


def test_reasons(path: str) -> None:
    reasons = OpenedArtifact.open(path).rejected_reasons()
    assert [(reason.text, reason.rows) for reason in reasons] == [("a", 2), ("b", 1)]


def test_a_word_index_is_read_once(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, read = OpenedArtifact.open(path), []
    original = WordIndex.parse.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(
        WordIndex, "parse", classmethod(lambda cls, *given: read.append(1) or original(cls, *given))
    )
    assert opened.word_index("words") is opened.word_index("words")
    assert len(read) == 1


@pytest.mark.parametrize("odd", ["a\0", "\0", "xx://bucket/a", "a/\0/b"])
def test_a_path_that_leads_nowhere(odd: str) -> None:
    for open_ in (OpenedArtifact.open, preprocess.Artifact.open, preprocess.read_manifest):
        with pytest.raises(ArtifactError, match="check the path") as raised:
            open_(odd)
        assert str(raised.value).startswith(f"{odd}: cannot be read (")
    with pytest.raises(ArtifactError):
        preprocess.read_model_manifest(odd)


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    for open_ in (OpenedArtifact.open, preprocess.Artifact.open, preprocess.read_manifest):
        with pytest.raises(ArtifactError, match="no finished artifact"):
            open_(str(tmp_path))
