"""`text2seq verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.cli.shared_options import Artifact
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from preprocess.api import verifying
    from preprocess.artifact import opened_artifact


def verify(
    artifact: Artifact,
    input: Annotated[
        list[str] | None,
        typer.Option(metavar="[SPLIT=]GLOB", help="The rows; default: the files of the build."),
    ] = None,
) -> None:
    """Every record again through the serving graph, in a fresh process."""
    opened = opened_artifact.OpenedArtifact.open(artifact)
    report = verifying.verification_report(opened, input or ())
    for line in report.differences:
        say(line)
    say(f"{artifact}: {verifying.verdict(report)}")
    if not report.is_good:
        raise typer.Exit(1)
