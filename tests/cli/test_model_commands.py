"""train, evaluate, predict and report on the command line: results, and how mistakes show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from preprocess import read_model_manifest
from preprocess.cli import main
from preprocess.core.output import MARKER
from preprocess.trained_model.model_layout import ModelLayout

pytestmark = pytest.mark.slow

Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def run(
    artifact: Path,
    trained: Path,
    small_model_file: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Runs a command in a folder of its own; {artifact}, {trained} and {model} are filled in."""
    monkeypatch.chdir(tmp_path)
    places = {"artifact": artifact, "trained": trained, "model": small_model_file}

    def run_one(command: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exited:
            main([word.format(**places) for word in command.split()])
        return (int(exited.value.code or 0), *capfd.readouterr())

    return run_one


def test_train_tells_what_it_made_and_progress_goes_to_standard_error(run: Run) -> None:
    code, output, error = run(
        "train --artifact {artifact} --model {model} --output m --epochs 1 --limit 100"
    )
    assert code == 0
    weights = read_model_manifest("m").outcome.parameters
    assert (
        output
        == f"m: {weights:,} weights; best of 1 epochs: 1, by val_loss; predicts label, topic\n"
    )
    assert "epoch 1 of 1: " in error and "val_loss " in error
    assert "oneDNN" not in error and "Warning" not in error


def test_evaluate_prints_one_object(run: Run) -> None:
    code, output, _ = run("evaluate --model {trained} --artifact {artifact} --split test")
    found = json.loads(output)
    assert code == 0 and list(found) == ["label", "topic"]
    assert {"loss", "accuracy", "majority", "auc", "f1", "confusion"} <= set(found["label"])
    assert sum(map(sum, found["topic"]["confusion"])) == found["topic"]["examples"]


def test_predict_answers_each_row_in_order(run: Run) -> None:
    rows = [{"id": f"r{n}", "text": "kamo " * n, "stars": 2.5} for n in (3, 0, 9)]
    bad = '{"id": "r-bad", "text": null, "stars": 1}\n'
    lines = [json.dumps(row) + "\n" for row in rows]
    Path("rows.jsonl").write_text(lines[0] + bad + lines[1] + lines[2])
    code, output, _ = run("predict --model {trained} --input rows.jsonl")
    found = [json.loads(line) for line in output.splitlines()]
    assert code == 0 and [row.get("id") for row in found] == ["r3", None, "r0", "r9"]
    assert set(found[0]) == {"id", "label", "topic"}
    assert 0 < found[0]["label"]["probability"] < 1
    assert found[1]["row"] > 0 and "error" in found[1] and found[1]["source"] == "rows.jsonl"


def test_report_writes_a_page(run: Run) -> None:
    code, output, _ = run("report --artifact {artifact} --model {trained} --output pages/r.html")
    assert (code, output) == (0, "pages/r.html\n")
    assert "</html>" in Path("pages/r.html").read_text()


MISTAKES = {
    "no such artifact": (
        "train --artifact none --model {model} --output m",
        "none: has no manifest.json, so it is no finished artifact; run `text2seq build` to its "
        "end",
    ),
    "no such model file": (
        "train --artifact {artifact} --model none.yaml --output m",
        "none.yaml: cannot be read (No such file or directory), expected a model file in UTF-8; "
        "check the path",
    ),
    "unknown feature": (
        "train --artifact {artifact} --model unknown-feature.yaml --output m",
        "unknown-feature.yaml: features.txt: got 'txt', expected a text feature of the artifact; "
        "did you mean 'text'?",
    ),
    "head of a missing label": (
        "train --artifact {artifact} --model missing-label.yaml --output m",
        "missing-label.yaml: heads.score: got 'score', expected a label of the artifact; "
        "use one of label, topic",
    ),
    "vectors of the wrong width": (
        "train --artifact {artifact} --model wrong-width.yaml --output m",
        "wrong-width.yaml: features.text.embedding.dim: got 8, expected 2, the width of the "
        "vectors in v.txt; set dim: 2 or leave it out",
    ),
    "evaluate of nothing": (
        "evaluate --model none --artifact {artifact}",
        "none: has no model.json, so it is no trained model; run `text2seq train` to its end",
    ),
    "evaluate on an unknown split": (
        "evaluate --model {trained} --artifact {artifact} --split dev",
        "{artifact}: got the split 'dev', expected one of train, validation, test",
    ),
    "evaluate a model of the format before": (
        "evaluate --model old --artifact {artifact}",
        "old/model.json: got format version 1, expected 4; run `text2seq train` again",
    ),
    "predict by a model of the format before": (
        "predict --model old --text hello",
        "old/model.json: got format version 1, expected 4; run `text2seq train` again",
    ),
    "resume a training of the format before": (
        "train --artifact {artifact} --model {model} --output old --resume",
        "old/checkpoints/state.npz: got format version 1, expected 4; train again without --resume",
    ),
    "predict nothing": (
        "predict --model {trained}",
        "got both or neither of --text and --input, expected one of the two",
    ),
    "report below a file": (
        "report --artifact {artifact} --output v.txt/r.html",
        None,
    ),
    "predict a text without its number": ("predict --model {trained} --text hello", None),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_in_one_line(mistake: str, run: Run, artifact: Path) -> None:
    Path("unknown-feature.yaml").write_text("features: {txt: {}}")
    Path("missing-label.yaml").write_text("heads: {score: {}}")
    Path("wrong-width.yaml").write_text("text: {embedding: {dim: 8, vectors: v.txt}}")
    Path("v.txt").write_text("kamo 1 2\n")
    _write_old_model(Path("old"))
    command, message = MISTAKES[mistake]
    code, output, error = run(command)
    assert (code, output, error.count("\n")) == (2, "", 1), error
    assert error.startswith("text2seq: error: ")
    if message is not None:
        assert error == f"text2seq: error: {message.format(artifact=artifact)}\n"
    assert not Path("m").exists()


def _write_old_model(folder: Path) -> None:
    """What tells the format of a model, and of a training to be resumed, as version 1 wrote it."""
    layout = ModelLayout(folder)
    layout.checkpoints.mkdir(parents=True)
    (folder / MARKER).touch()
    layout.manifest.write_text(json.dumps({"format_version": 1}))
    progress = json.dumps({"identity": "x", "epochs": 1, "history": {"loss": [0.5]}})
    np.savez(layout.state, progress=np.frombuffer(progress.encode(), np.uint8))


def test_an_artifact_of_another_build_does_not_match_the_model(
    run: Run, build_in: Callable[..., Path]
) -> None:
    spec = "features: {text: , stars: {kind: numeric}}\nlabels: {label: , topic: {kind: category}}"
    row = {"text": "kamo", "stars": 1.0, "label": 1, "topic": "films"}
    build_in(spec, {"train=a.jsonl": [row], "test=b.jsonl": [row]})
    code, output, error = run("evaluate --model {trained} --artifact artifact")
    assert (code, output) == (2, "")
    assert "artifact: got an artifact that does not match the model" in error
    assert "features and vocabularies differ" in error
