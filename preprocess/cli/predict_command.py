"""`text2seq predict`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from preprocess.api.quiet_libraries import import_quietly
from preprocess.cli.shared_options import Model
from preprocess.cli.terminal import say_json
from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources import prediction_rows
    from preprocess import prediction
    from preprocess.core import progress_display
    from preprocess.trained_model import opened_model


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
    opened = opened_model.OpenedModel.open(model)
    rows = (
        [prediction.text_row(opened.manifest, text)]
        if text
        else prediction_rows.rows_to_predict(input or [], opened.manifest)
    )
    import_quietly()
    with progress_display.watched("predict") as watch:
        answers = prediction.predict_rows(
            prediction.SignaturePredictor(opened),
            rows,
            lambda count: watch.add("answered", count, 0),
        )
        for row in answers:
            say_json(json.dumps(row, ensure_ascii=False))
