"""What tests of whole builds share."""

from __future__ import annotations

import pytest
from artifact_files import stray_files
from in_process_server import answer_in_process

from preprocess.cli import main


@pytest.fixture
def agrees(monkeypatch, capsys):
    """Asserts that `verify` agrees, and that the files are those of the manifest."""

    def check(artifact, in_process=True):
        if in_process:
            answer_in_process(monkeypatch)
        with pytest.raises(SystemExit) as exited:
            main(["verify", "--artifact", str(artifact)])
        assert exited.value.code == 0, capsys.readouterr().out
        assert stray_files(artifact) == set()

    return check
