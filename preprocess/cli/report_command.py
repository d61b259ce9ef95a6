"""`text2seq report`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.cli.shared_options import Artifact
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from preprocess.api import reporting


def report(
    artifact: Artifact,
    output: Annotated[str, typer.Option(help="HTML file to write.")],
    model: Annotated[str | None, typer.Option(help="Folder that `train` made.")] = None,
    split: Annotated[
        str | None,
        typer.Option(help="Split whose records the model answers; default: test, else validation."),
    ] = None,
    input: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[SPLIT=]GLOB",
            help="The rows, to show a few original texts; default: the files of the build.",
        ),
    ] = None,
) -> None:
    """One HTML file that shows the data, and what a model makes of them."""
    reporting.write_report(artifact, model, output, split=split, data=input or None)
    say(output)
