"""`text2seq train`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.api.quiet_libraries import import_quietly
from preprocess.cli.log_lines import log_to_stderr
from preprocess.cli.shared_options import Artifact
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_COUNT, MAX_EPOCHS

with lazy_imports():
    from preprocess import training
    from preprocess.artifact import opened_artifact


def train(
    artifact: Artifact,
    model: Annotated[str, typer.Option(help="Model file (YAML or JSON); an empty one will do.")],
    output: Annotated[str, typer.Option(help="Folder of the model: new, empty or ours.")],
    epochs: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_EPOCHS, help="Instead of the model file's training.epochs."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MAX_COUNT,
            metavar="EXAMPLES",
            help="Examples of an epoch, about; for a quick try.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Resume after the last finished epoch.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a finished model.")
    ] = False,
) -> None:
    """An artifact and a model file to a masked Keras model, served from raw strings."""
    options = training.TrainOptions(epochs, limit, resume, overwrite)
    opened = opened_artifact.OpenedArtifact.open(artifact)
    planned = training.plan_training(opened, model, output, options)
    import_quietly()
    log_to_stderr()
    manifest = training.run_training(planned)
    say(f"{output}: {manifest.summary}; predicts {', '.join(manifest.labels)}")
