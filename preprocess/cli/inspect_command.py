"""`text2seq inspect`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.api.quiet_libraries import import_quietly
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
    opened = opened_artifact.OpenedArtifact.open(artifact)
    import_quietly()
    console.Console().print(artifact_summary.inspect_artifact(opened, records))
