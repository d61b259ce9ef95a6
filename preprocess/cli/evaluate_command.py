"""`text2seq evaluate`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.cli.readable_json import readable_json
from preprocess.cli.shared_options import Artifact, Model
from preprocess.cli.terminal import say_json
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from preprocess.api import trained_model


def evaluate(
    model: Model,
    artifact: Artifact,
    split: Annotated[str, typer.Option(help="Split of the artifact.")] = "test",
) -> None:
    """How good the predictions are on a split: one JSON object by label."""
    trained = trained_model.TrainedModel.open(model)
    say_json(readable_json(trained.evaluate(artifact, split)))
