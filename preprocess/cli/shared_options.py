"""Options that several commands take, and how typer declares them."""

from __future__ import annotations

from typing import Annotated

import typer

Artifact = Annotated[str, typer.Option(help="Folder that `build` made.")]
Model = Annotated[str, typer.Option(help="Folder that `train` made.")]
Overwrite = typer.Option("--overwrite", help="Replace the file if it exists.")
