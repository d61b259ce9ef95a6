"""The commands of the demo, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
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


def results(printed: Mapping[str, str], output: Path) -> list[str]:
    """The lines that end the demo: what came of it, and what to look at.

    Args:
      printed: by command, what it printed.
      output: where everything lies.
    """
    measures = json.loads(printed["evaluate"])
    accuracies = [
        f"{label}: {found['accuracy']:.1%} right (always the most frequent class: "
        f"{found['majority']:.1%})"
        for label, found in measures.items()
        if "majority" in found
    ]
    errors = [
        f"{label}: off by {found['mae']:.2f} on average"
        for label, found in measures.items()
        if "mae" in found
    ]
    return [
        "What came of it:",
        f"  {printed['build'].strip()}",
        f"  {printed['verify'].strip()}",
        *(f"  {line}" for line in (*accuracies, *errors)),
        f"Open {output}/report.html; {output}/model/serving is what a server loads.",
    ]


def _vectors(corpus: Corpus, artifact: str) -> list[list[str]]:
    if corpus.vectors is None:
        return []
    output = ["--output", str(corpus.vectors), "--overwrite"]
    return [["vectors", "--artifact", artifact, *output, "--dim", "50"]]
