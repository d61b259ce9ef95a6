"""`text2seq train`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.cli.log_lines import log_to_stderr
from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.cli.shared_options import Artifact
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_COUNT, MAX_EPOCHS

with lazy_imports():
    from preprocess.api import modelling
    from preprocess.trained_model import model_manifest


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
    import_tensorflow()
    log_to_stderr()
    manifest = modelling.train(
        artifact, model, output, epochs=epochs, limit=limit, resume=resume, overwrite=overwrite
    )
    say(f"{output}: {_summary(manifest)}")


def _summary(manifest: model_manifest.ModelManifest) -> str:
    """One line, such as `213,365 weights; best of 3 epochs: 2, by val_loss; predicts label`."""
    outcome = manifest.outcome
    kept = f"best of {outcome.epochs} epochs: {outcome.best_epoch}, by {outcome.monitor}"
    if outcome.monitor == "last":
        kept = f"{outcome.epochs} epochs"
    return f"{outcome.parameters:,} weights; {kept}; predicts {', '.join(manifest.labels)}"
