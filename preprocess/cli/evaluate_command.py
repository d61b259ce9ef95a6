"""`text2seq evaluate`."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.cli.shared_options import Artifact, Model
from preprocess.cli.terminal import say_json
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from preprocess.api import modelling
    from preprocess.core import progress


def evaluate(
    model: Model,
    artifact: Artifact,
    split: Annotated[str, typer.Option(help="Split of the artifact.")] = "test",
) -> None:
    """How good the predictions are on a split: one JSON object by label."""
    import_tensorflow()
    with progress.watched("evaluate") as watch:
        measures = modelling.evaluate(
            model, artifact, split, lambda rows: watch.add("evaluate", rows, 0)
        )
    say_json(_readable(measures))


def _readable(measures: object) -> str:
    """JSON over several lines, but each list of numbers on one."""
    text = json.dumps(measures, ensure_ascii=False, indent=2)
    return re.sub(r"\[[^\[\]{}\"]*\]", lambda match: re.sub(r"\s+", " ", match[0]), text)
