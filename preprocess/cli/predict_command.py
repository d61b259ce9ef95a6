"""`text2seq predict`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.cli.shared_options import Model
from preprocess.cli.terminal import say_json
from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources import prediction_rows
    from preprocess import prediction
    from preprocess.api import trained_model
    from preprocess.core import progress


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
    """The answers of the exported SavedModel to raw rows: one JSON object a row, in their order."""
    if bool(text) == bool(input):
        raise UsageError("got both or neither of --text and --input, expected one of the two")
    import_tensorflow()
    predictor = trained_model.Predictor(model)
    trained = predictor.manifest
    with progress.watched("predict") as watch:
        rows = (
            [prediction.text_row(trained, text)]
            if text
            else prediction_rows.rows_to_predict(input or [], trained)
        )
        answers = prediction.predict_rows(
            predictor, rows, lambda count: watch.add("predict", count, 0)
        )
        for row in answers:
            say_json(json.dumps(row, ensure_ascii=False))
