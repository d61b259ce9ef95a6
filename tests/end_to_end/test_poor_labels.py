"""Labels that say nothing: none of their classes, or the same one, in every row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preprocess.cli import main

pytestmark = pytest.mark.slow

SPEC = """
features: {text: {}}
labels:
  tags: {kind: multilabel}
  only: {kind: category}
  yes: {}
  same: {kind: number, size: 2}
splits: {column: split, map: {train: train, test: test}}
vocabularies: {words: {tokenizer: {kind: wordpiece, train: {vocab_size: 500}}}}
output: {shards: 1}
""".replace("yes:", "'yes':")
ROW = {"text": "good film", "tags": [], "only": "x", "yes": 1, "same": [2.5, 2.5]}
ROWS = [{**ROW, "split": split} for split in ["train", "train", "test"] * 8]
SOME = "labels: [only, 'yes', same]\ntraining: {epochs: 1, class_weights: {only: balanced}}\n"

REPORT = "report --artifact a --output report.html"


def run(capfd: pytest.CaptureFixture[str], command: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    with pytest.raises(SystemExit) as exited:
        main(command.split())
    output, errors = capfd.readouterr()
    return int(exited.value.code or 0), output, errors


def refuse(constant: str) -> float:
    raise AssertionError(f"got {constant}, which is no JSON")


def test_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("s.yaml", SPEC), ("all.yaml", ""), ("some.yaml", SOME)):
        Path(name).write_text(text)
    Path("rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    code, _, errors = run(capfd, "build --spec s.yaml --input rows.jsonl --output a")
    assert code == 0
    [undercut] = [line for line in errors.splitlines() if "vocab_size" in line]
    assert undercut.startswith("vocabularies.words: got ") and "pieces of the 500 that" in undercut
    for command in ("verify --artifact a", "inspect --artifact a", REPORT):
        assert run(capfd, command)[0] == 0, command
    code, _, errors = run(capfd, "train --artifact a --model all.yaml --output m")
    assert code == 2
    assert errors.splitlines()[-1] == (
        "text2seq: error: all.yaml: got the multilabel label 'tags' without a class in the train "
        "split, expected at least one; leave it out by `labels`, or build again with rows that "
        "have some"
    )
    assert run(capfd, "train --artifact a --model some.yaml --output m")[0] == 0
    code, output, _ = run(capfd, "evaluate --artifact a --model m")
    assert code == 0
    measures = json.loads(output, parse_constant=refuse)
    assert measures["only"]["accuracy"] == 1 and measures["same"]["correlation"] is None
    assert run(capfd, f"{REPORT} --model m")[0] == 0
    json.loads(Path("m/history.json").read_text(), parse_constant=refuse)
