"""Mistakes that need no data to be known: the arguments of a command, and what it answers.

`written` makes the files that they name: ten rows, an artifact, a model.
"""

from __future__ import annotations

import json
from pathlib import Path

from small_artifact import PLAIN, SmallArtifact
from small_model import SmallModel

_BUILD = ["build", "--spec", "spec.yaml", "--input", "rows.jsonl", "--output", "out"]
_TRAIN = ["train", "--artifact", "artifact", "--model", "model.yaml", "--output", "out"]
_REPORT = ["report", "--artifact", "artifact"]

MISTAKES: dict[str, tuple[list[str], str]] = {
    "mistyped option": (["build", "--inputt", "rows.jsonl"], "did you mean --input?"),
    "mistyped Beam option": (
        [*_BUILD, "--direct_num_worker=2"],
        "did you mean --direct_num_workers",
    ),
    "value of a Beam option": ([*_BUILD, "--direct_num_workers=two"], "invalid int value: 'two'"),
    "runner": ([*_BUILD, "--runner=FlinkRuner"], "did you mean FlinkRunner?"),
    "missing option": (["build", "--spec", "spec.yaml"], "Missing option"),
    "spec is missing": (
        ["build", "--spec", "no.yaml", "--input", "rows.jsonl", "--output", "out"],
        "no.yaml: cannot be read",
    ),
    "spec": (
        ["build", "--spec", "bad.yaml", "--input", "rows.jsonl", "--output", "out"],
        "features.text.max_length",
    ),
    "tokenizer's file": (
        ["build", "--spec", "pieces.yaml", "--input", "rows.jsonl", "--output", "out"],
        "vocab.txt: cannot be read",
    ),
    "input path": (
        ["build", "--spec", "spec.yaml", "--input", "no.jsonl", "--output", "out"],
        "got no file that matches",
    ),
    "suffix": (
        ["build", "--spec", "spec.yaml", "--input", "spec.yaml", "--output", "out"],
        "got an unknown suffix",
    ),
    "column": (
        ["build", "--spec", "other.yaml", "--input", "rows.jsonl", "--output", "out"],
        "got no row with the column 'body'",
    ),
    "schema": ([*_BUILD, "--schema", "spec.yaml"], "cannot be read as a schema"),
    "output holds other things": (
        ["build", "--spec", "spec.yaml", "--input", "rows.jsonl", "--output", "full"],
        "not made by text2seq",
    ),
    "output is finished": (
        ["build", "--spec", "spec.yaml", "--input", "rows.jsonl", "--output", "artifact"],
        "not made by text2seq",
    ),
    "no artifact": (["verify", "--artifact", "full"], "has no manifest.json"),
    "nothing to verify with": (
        ["verify", "--artifact", "artifact", "--input", "no.jsonl"],
        "got no file that matches",
    ),
    "nothing to inspect": (["inspect", "--artifact", "no"], "has no manifest.json"),
    "model file": (
        ["train", "--artifact", "artifact", "--model", "bad.yaml", "--output", "out"],
        "bad.yaml",
    ),
    "model file of another artifact": (
        ["train", "--artifact", "artifact", "--model", "other.model.yaml", "--output", "out"],
        "expected a label of the artifact",
    ),
    "epochs": ([*_TRAIN, "--epochs", "0"], "'--epochs'"),
    "training into a full folder": ([*_TRAIN[:-1], "full"], "not made by text2seq"),
    "vectors of another suffix": (
        ["vectors", "--artifact", "artifact", "--output", "vectors.txt"],
        "expected .bin",
    ),
    "vectors of another feature": (
        ["vectors", "--artifact", "artifact", "--output", "v.bin", "--feature", "title"],
        "got the feature 'title'",
    ),
    "no model": (["predict", "--model", "full", "--text", "a"], "has no model.json"),
    "nothing to predict": (["predict", "--model", "model"], "both or neither"),
    "rows to predict": (
        ["predict", "--model", "model", "--input", "no.jsonl"],
        "got no file that matches",
    ),
    "split": (
        ["evaluate", "--model", "model", "--artifact", "artifact", "--split", "dev"],
        "got the split 'dev'",
    ),
    "report's split": (
        [*_REPORT, "--output", "r.html", "--split", "train"],
        "without a model",
    ),
    "report into a folder": (
        [*_REPORT, "--output", "full"],
        "got a folder",
    ),
    "report of another split": (
        [*_REPORT, "--model", "model", "--output", "r.html", "--split", "dev"],
        "got the split 'dev'",
    ),
    "dictionary": (["dictionary", "--from", "no", "--output", "d"], "which is no folder"),
    "command": (["biuld"], "Did you mean 'build'?"),
}


def written(folder: Path) -> Path:
    """Makes what the mistakes name below `folder`."""
    rows = [{"id": str(n), "text": "the cat", "label": n % 2} for n in range(10)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    spec = "features: {text: {}}\nlabels: {label: {kind: binary}}\n"
    (folder / "spec.yaml").write_text(spec)
    (folder / "other.yaml").write_text("features: {text: {column: body}}\n")
    (folder / "bad.yaml").write_text("features: {text: {max_length: -1}}\n")
    (folder / "pieces.yaml").write_text(
        "features: {text: {}}\n"
        "vocabularies: {words: {tokenizer: {kind: wordpiece, vocabulary: vocab.txt}}}\n"
    )
    (folder / "model.yaml").write_text("")
    (folder / "other.model.yaml").write_text("labels: [stars]\n")
    (folder / "full").mkdir()
    (folder / "full/notes.txt").write_text("mine")
    artifact = SmallArtifact({"train": [1, 3], "test": [2]}, declared=PLAIN)
    SmallModel(artifact.write(folder / "artifact")).write(folder / "model")
    return folder
