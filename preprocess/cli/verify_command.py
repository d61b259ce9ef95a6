"""`text2seq verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.cli.shared_options import Artifact
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources import verification_rows
    from preprocess import verification
    from preprocess.artifact import opened_artifact
    from preprocess.core import progress


def verify(
    artifact: Artifact,
    input: Annotated[
        list[str] | None,
        typer.Option(metavar="[SPLIT=]GLOB", help="The rows; default: the files of the build."),
    ] = None,
) -> None:
    """Every record again through the serving graph, in a fresh process."""
    import_tensorflow()
    with progress.watched("verify") as watch:
        opened = opened_artifact.OpenedArtifact.open(artifact)
        opened.files.check_all(watch.add)
        source = verification_rows.verification_source(opened, input or ())
        report = verification.verify(opened, source, watch.add)
    for line in report.differences:
        say(line)
    records = max(report.expected, report.found)
    verdict = f"{records - report.different:,} of {records:,} records agree"
    if report.is_good:
        say(f"{artifact}: {verdict} with what serving/ answers")
        return
    say(f"{artifact}: {verdict}; {report.different:,} differ")
    raise typer.Exit(1)
