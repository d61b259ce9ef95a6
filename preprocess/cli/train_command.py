"""The commands around a trained model: train, evaluate, predict, report."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.core.errors import UsageError

if TYPE_CHECKING:
    from preprocess.trained_model.model_manifest import ModelManifest

models = typer.Typer()

Artifact = Annotated[str, typer.Option(help="Folder that `build` made.")]
Model = Annotated[str, typer.Option(help="Folder that `train` made.")]


@models.command()
def vectors(
    artifact: Artifact,
    output: Annotated[str, typer.Option(metavar="FILE.kv", help="The file to write.")],
    feature: Annotated[
        str | None, typer.Option(help="Text feature to learn from; default: all of them.")
    ] = None,
    dim: Annotated[int, typer.Option(min=1, help="Numbers of a vector.")] = 100,
    window: Annotated[int, typer.Option(min=1, help="Words on each side that count.")] = 5,
    min_count: Annotated[int, typer.Option(min=1, help="Rarer words get no vector.")] = 1,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the train split.")] = 5,
    seed: Annotated[int, typer.Option(help="The same seed, the same vectors.")] = 0,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it exists.")
    ] = False,
) -> None:
    """Word vectors of an artifact's train split, by gensim's word2vec (skip-gram)."""
    import_tensorflow()
    from preprocess.data.sentences import Sentences
    from preprocess.vectors import Word2VecOptions, train_word2vec

    options = Word2VecOptions(
        vector_size=dim, window=window, min_count=min_count, epochs=epochs, seed=seed
    )
    words = train_word2vec(Sentences(artifact, feature=feature), output, options, overwrite)
    typer.echo(f"{output}: {words:,} words, {dim} numbers each")


@models.command()
def train(
    artifact: Artifact,
    model: Annotated[str, typer.Option(help="Model file (YAML or JSON); an empty one will do.")],
    output: Annotated[str, typer.Option(help="Folder of the model: new, empty or ours.")],
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Instead of the model file's training.epochs.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="EXAMPLES", help="Examples of an epoch, about; for a quick try."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on after the last finished epoch.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a finished model.")
    ] = False,
) -> None:
    """An artifact and a model file to a masked Embedding-LSTM, served from raw strings."""
    import_tensorflow()
    _log_to_stderr()
    from preprocess.training import train as run

    manifest = run(
        artifact, model, output, epochs=epochs, limit=limit, resume=resume, overwrite=overwrite
    )
    typer.echo(f"{output}: {_told(manifest)}")


@models.command()
def evaluate(
    model: Model,
    artifact: Artifact,
    split: Annotated[str, typer.Option(help="Split of the artifact.")] = "test",
) -> None:
    """How good the predictions are on a split: one JSON object by label."""
    import_tensorflow()
    from preprocess.core.progress import watched
    from preprocess.evaluation import evaluate as run

    with watched("evaluate") as progress:
        found = run(model, artifact, split, lambda rows: progress.add("evaluate", rows, 0))
    typer.echo(_readable(found))


@models.command()
def predict(
    model: Model,
    text: Annotated[
        list[str] | None, typer.Option(help="A text; repeatable. For models of one text feature.")
    ] = None,
    input: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Raw files, as for `build`, without labels."),
    ] = None,
) -> None:
    """What the exported SavedModel says of raw rows: one JSON object a row, in their order."""
    if bool(text) == bool(input):
        raise UsageError("got both or neither of --text and --input, expected one of the two")
    import_tensorflow()
    from beam_jobs.sources.prediction_rows import new_rows
    from preprocess.core.progress import watched
    from preprocess.prediction import Predictor, predict_rows, text_row

    predictor = Predictor(model)
    with watched("predict") as progress:
        trained = predictor.manifest
        rows = [text_row(trained, text)] if text else new_rows(input or [], trained)
        for row in predict_rows(predictor, rows, lambda count: progress.add("predict", count, 0)):
            typer.echo(json.dumps(row, ensure_ascii=False))


@models.command()
def report(
    artifact: Artifact,
    output: Annotated[str, typer.Option(help="HTML file to write.")],
    model: Annotated[str | None, typer.Option(help="Folder that `train` made.")] = None,
    split: Annotated[
        str | None,
        typer.Option(help="Split to judge the model on; default: test, else validation."),
    ] = None,
) -> None:
    """One HTML file that shows the data, and what a model makes of them."""
    import_tensorflow()
    from preprocess.report import write_report

    write_report(artifact, output, model, split)
    typer.echo(output)


def _readable(found: object) -> str:
    """JSON over several lines, but each list of numbers on one."""
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return re.sub(r"\[[^\[\]{}\"]*\]", lambda match: re.sub(r"\s+", " ", match[0]), text)


def _told(manifest: ModelManifest) -> str:
    """Such as `213,365 weights; best of 3 epochs: 2, by val_loss; predicts label`."""
    outcome = manifest.outcome
    kept = f"best of {outcome.epochs} epochs: {outcome.best_epoch}, by {outcome.monitor}"
    if outcome.monitor == "last":
        kept = f"{outcome.epochs} epochs"
    return f"{outcome.parameters:,} weights; {kept}; predicts {', '.join(manifest.labels)}"


def _log_to_stderr() -> None:
    """Shows what our own modules log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("preprocess")
    logger.handlers = [handler]  # one, however many commands run in this process
    logger.propagate = False  # some libraries give the root logger a handler
    logger.setLevel(logging.INFO)
