"""The examples of docstrings, run where an artifact and a model lie."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest
from report_model import write_model
from small_artifact import PLAIN, SmallArtifact
from source_tree import modules

pytestmark = pytest.mark.slow

FINDER = doctest.DocTestFinder(exclude_empty=True)
NAMED = [name for name, path in modules().items() if ">>>" in path.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has `artifact` and `model`, as the examples call them."""
    folder = tmp_path_factory.mktemp("examples")
    artifact = SmallArtifact({"train": [1, 2, 3, 4], "test": [2]}, declared=PLAIN)
    write_model(artifact.write(folder / "artifact"), folder / "model")
    return folder


@pytest.mark.parametrize("name", NAMED)
def test_examples_do_what_they_show(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    module = import_module(name)
    examples = [test for test in FINDER.find(module, name) if test.examples]
    assert examples
    runner = doctest.DocTestRunner(verbose=False)
    reported: list[str] = []
    for example in examples:
        runner.run(example, out=reported.append)
    assert not runner.summarize(verbose=False).failed, "".join(reported)
    skipped = [e.source for test in examples for e in test.examples if doctest.SKIP in e.options]
    assert skipped == []
