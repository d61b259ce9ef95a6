"""`text2seq build`."""

from __future__ import annotations

from typing import Annotated

import typer

from beam_jobs.sources.formats import FORMATS
from preprocess.api.quiet_libraries import import_quietly
from preprocess.cli.log_lines import log_to_stderr
from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs import build as build_job

_SUFFIXES = [name for known in FORMATS for name in known.suffixes if not name.endswith(".gz")]

Inputs = Annotated[
    list[str],
    typer.Option(
        "--input",
        metavar="[SPLIT=]GLOB",
        help=f"Raw files: {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]}, also .gz, or of a suffix "
        "under formats in the spec. Repeatable.",
    ),
]


def build(
    context: typer.Context,
    spec: Annotated[str, typer.Option(help="Spec file (YAML or JSON).")],
    input: Inputs,
    output: Annotated[str, typer.Option(help="Folder of the artifact: new, empty or ours.")],
    schema: Annotated[
        str | None, typer.Option(metavar="F.pbtxt", help="tf.Metadata schema of the raw columns.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a finished artifact.")
    ] = False,
) -> None:
    """Raw rows to an artifact: vocabularies, transform graph, TFRecords, serving.

    Takes any Beam option too, such as --runner, or --direct_num_workers and
    --direct_running_mode for the local runner.
    """
    plan = build_job.plan_build(spec, input, output, schema, overwrite, context.args)
    import_quietly("beam_jobs.build.build_run")
    log_to_stderr()
    manifest = build_job.run_build(plan)
    rows = manifest.rows
    written = ", ".join(f"{count:,} {split}" for split, count in rows.written.items())
    say(
        f"{output}: {rows.read:,} rows read, {sum(rows.written.values()):,} written ({written}), "
        f"{rows.rejected:,} rejected; padding {manifest.padding_fraction:.1%}"
    )
