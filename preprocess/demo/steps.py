"""The commands of the demo, in order."""

from __future__ import annotations

from pathlib import Path

from preprocess.demo.corpus import Corpus


def demo_steps(corpus: Corpus, output: Path) -> list[list[str]]:
    """Arguments of `text2seq`: from the corpus to predictions and a report below `output`."""
    artifact, model = str(output / "artifact"), str(output / "model")
    inputs = [part for glob in corpus.inputs for part in ("--input", glob)]
    train = ["train", "--artifact", artifact, "--model", str(corpus.model)]
    report = str(output / "report.html")
    return [
        ["build", "--spec", str(corpus.spec), *inputs, "--output", artifact, "--overwrite"],
        ["verify", "--artifact", artifact],
        ["inspect", "--artifact", artifact],
        *_vectors(corpus, artifact),
        [*train, "--output", model, "--overwrite"],
        ["evaluate", "--model", model, "--artifact", artifact],
        ["predict", "--model", model, "--input", str(corpus.new_rows)],
        ["report", "--artifact", artifact, "--model", model, "--output", report],
    ]


def _vectors(corpus: Corpus, artifact: str) -> list[list[str]]:
    if corpus.vectors is None:
        return []
    output = ["--output", str(corpus.vectors), "--overwrite"]
    return [["vectors", "--artifact", artifact, *output, "--dim", "50"]]
