"""`text2seq inspect`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.cli.shared_options import Artifact
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from rich import console

    from preprocess.artifact import opened_artifact
    from preprocess.inspection import artifact_summary

MAX_SHOWN = 1_000


def inspect(
    artifact: Artifact,
    records: Annotated[
        int, typer.Option(min=0, max=MAX_SHOWN, help="Records shown of each split.")
    ] = 3,
) -> None:
    """The manifest, readable, and a few records decoded back to words."""
    import_tensorflow()
    opened = opened_artifact.OpenedArtifact.open(artifact)
    console.Console().print(artifact_summary.inspect_artifact(opened, records))
