"""What a user may get wrong is reported before any work is done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from report_model import write_model
from small_artifact import SmallArtifact
from vouching import vouch

from preprocess import write_report
from preprocess.core.errors import ArtifactError, UsageError


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> str:
    return SmallArtifact({"train": [1]}).write(tmp_path_factory.mktemp("artifact"))


def test_no_artifact(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no finished artifact"):
        write_report(str(tmp_path), None, str(tmp_path / "report.html"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damaged", ["{", "5", "[[1, 2]]"])
def test_damaged_statistics(damaged: str, tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [1]}).write(tmp_path / "artifact")
    Path(artifact, "statistics.json").write_text(damaged)
    vouch(artifact)
    with pytest.raises(ArtifactError, match=r"statistics\.json: is damaged"):
        write_report(artifact, None, str(tmp_path / "report.html"))


def test_the_output_is_a_folder(artifact: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"got a folder, expected a file such as .*report\.html"):
        write_report(artifact, None, str(tmp_path))


def test_the_output_is_below_a_file(artifact: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be written .*give an output"):
        write_report(artifact, None, str(tmp_path / "file" / "report.html"))


def test_the_output_cannot_be_written(artifact: str) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(artifact, None, "/proc/report.html")


@pytest.mark.parametrize("text", ["", "years of work", "<!DOCTYPE html>\n<html></html>"])
def test_what_is_no_report_is_not_replaced(artifact: str, tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.html"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"mine\.html: got a file that is no report of text2seq"):
        write_report(artifact, None, str(path))
    assert path.read_text() == text


def test_what_is_no_regular_file_is_not_replaced(artifact: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="got a file that is no report"):
        write_report(artifact, None, str(tmp_path / "pipe"))
    assert (tmp_path / "pipe").is_fifo()


def test_an_older_report_is_replaced(artifact: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(artifact, None, str(path))
    whole = path.read_text()
    path.write_text(whole.replace("</body>", "old</body>"))
    write_report(artifact, None, f"file://{path}")
    assert path.read_text() == whole


def test_a_uri_is_refused(artifact: str) -> None:
    with pytest.raises(UsageError, match="got a URI, expected a local file"):
        write_report(artifact, None, "gs://bucket/report.html")


def test_a_split_without_a_model(artifact: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="got the split 'train' without a model"):
        write_report(artifact, None, str(tmp_path / "report.html"), split="train")


def test_an_unknown_split(artifact: str, tmp_path: Path) -> None:
    model = write_model(artifact, tmp_path / "model")
    with pytest.raises(UsageError, match="got the split 'dev', expected one of train"):
        write_report(artifact, model, str(tmp_path / "report.html"), split="dev")


def test_no_model(artifact: str, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no trained model"):
        write_report(artifact, str(tmp_path), str(tmp_path / "report.html"))
