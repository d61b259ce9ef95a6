"""The output folder: what is refused, what is deleted, and what stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from beam_jobs.runtime.artifact_folder import prepare_output
from preprocess.artifact.layout import Layout
from preprocess.core.errors import UsageError

FOREIGN = (
    "got a folder that is not empty and not made by text2seq, expected a new or empty one; "
    "choose another --output"
)


def _file(path: Path, text: str = "x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """What a build leaves, and some files of the user's."""
    folder = tmp_path / "out"
    prepare_output(Layout(str(folder)), overwrite=False)
    names = ["manifest.json", "statistics.json", ".work/x/y", "examples/train/a", "serving/s.pb"]
    names += ["transform/a/b", "vocabulary/words.tsv", "schema/raw.pbtxt", "rejected/part"]
    for name in [*names, "notes.txt", "models/mine/model.keras"]:
        _file(folder / name)
    return folder


MINE = [".text2seq", "models/mine/model.keras", "notes.txt"]


@pytest.mark.parametrize("name", ["new", "deep/er/new", "new/"])
def test_a_new_folder(tmp_path: Path, name: str) -> None:
    prepare_output(Layout(f"{tmp_path}/{name}"), overwrite=False)
    assert _files(tmp_path / name) == [".text2seq"]


def test_an_empty_folder(tmp_path: Path) -> None:
    prepare_output(Layout(str(tmp_path)), overwrite=False)
    assert _files(tmp_path) == [".text2seq"]


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    prepare_output(Layout("out"), overwrite=False)
    assert _files(tmp_path) == ["out/.text2seq"]


FOREIGN_FILES: dict[str, Callable[[Path], None]] = {
    "file": lambda folder: _file(folder / "a.txt"),
    "hidden file": lambda folder: _file(folder / ".env"),
    "only a folder": lambda folder: _file(folder / "examples" / "a.txt"),
    "only a hidden folder": lambda folder: _file(folder / ".git" / "config"),
    "an artifact without marker": lambda folder: _file(folder / "manifest.json"),
    "a file in its place": lambda folder: _file(folder),
}


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("make", FOREIGN_FILES.values(), ids=FOREIGN_FILES)
def test_what_is_not_ours_is_refused_and_stays(
    tmp_path: Path, make: Callable[[Path], None], overwrite: bool
) -> None:
    folder = tmp_path / "out"
    make(folder)
    before = _files(tmp_path)
    with pytest.raises(UsageError) as raised:
        prepare_output(Layout(str(folder)), overwrite)
    assert str(raised.value) == f"{folder}: {FOREIGN}"
    assert _files(tmp_path) == before


@pytest.mark.parametrize("name", ["out[1]", "out*", "out?/deeper"])
def test_glob_characters_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"got a folder with one of \* \? \[ in its path"):
        prepare_output(Layout(f"{tmp_path}/{name}"), overwrite=True)
    assert _files(tmp_path) == []


def test_a_finished_artifact_is_refused(artifact: Path) -> None:
    before = _files(artifact)
    with pytest.raises(UsageError) as raised:
        prepare_output(Layout(str(artifact)), overwrite=False)
    assert str(raised.value) == (
        f"{artifact}: got a folder with a finished artifact, expected a new one; "
        "choose another --output or add --overwrite"
    )
    assert _files(artifact) == before


def test_a_finished_artifact_is_overwritten(artifact: Path) -> None:
    prepare_output(Layout(str(artifact)), overwrite=True)
    assert _files(artifact) == MINE


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_unfinished_artifact_is_cleared(artifact: Path, overwrite: bool) -> None:
    (artifact / "manifest.json").unlink()
    prepare_output(Layout(str(artifact)), overwrite)
    assert _files(artifact) == MINE
