"""Folders on a storage that has neither renames of folders nor locks, as object stores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_claimed_folder import KIND, OURS, _files, _made, _texts, _write

from beam_jobs.runtime.beam_storage import BeamStorage
from preprocess.core.errors import UsageError
from preprocess.core.output import claimed
from preprocess.core.output.folder_lock import owner_line
from preprocess.core.storage import by_scheme


@pytest.fixture(autouse=True)
def beam() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(by_scheme, "_LOCAL", BeamStorage())
        yield


def test_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    _made(tmp_path / "out")
    before = _texts(tmp_path / "out")
    with claimed(str(tmp_path / "out"), KIND, overwrite=True) as folder:
        _write(folder, "new", ("examples/test/b", "statistics.json"))
        assert {n: t for n, t in _texts(tmp_path / "out").items() if n in before} == {
            **before,
            ".text2seq": _texts(tmp_path / "out")[".text2seq"],
        }
        folder.publish()
    names = [".text2seq", "examples/test/b", "manifest.json", "statistics.json"]
    assert _files(tmp_path / "out") == names
    assert _texts(tmp_path / "out")["manifest.json"] == "new"


def test_nothing_is_left_of_a_run_that_fails(tmp_path: Path) -> None:
    _made(tmp_path / "out")
    before = _texts(tmp_path / "out")
    with pytest.raises(ValueError, match="x"), claimed(str(tmp_path / "out"), KIND, overwrite=True):
        raise ValueError("x")
    assert _texts(tmp_path / "out") == before


def test_a_marker_that_is_held_is_told_with_what_to_delete(tmp_path: Path) -> None:
    _made(tmp_path / "out")
    held = owner_line(KIND, f"{tmp_path}/out/.work-0123")
    (tmp_path / "out/.text2seq").write_text(KIND.marker_text + held)
    (tmp_path / "out/.work-0123/new").mkdir(parents=True)
    (tmp_path / "out/.work-0123/new/x").write_text("x")
    with (
        pytest.raises(UsageError, match=rf"process {os.getpid()} .*delete .*/out/\.work-0123$"),
        claimed(str(tmp_path / "out"), KIND, overwrite=True),
    ):
        pass
    (tmp_path / "out/.work-0123/new/x").unlink()  # as it says
    _made(tmp_path / "out", "newer")
    assert _files(tmp_path / "out") == OURS
