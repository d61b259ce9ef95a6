"""The command line: each command imports what it needs, when it runs."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from preprocess.cli.quiet_tensorflow import import_tensorflow
from preprocess.cli.train_command import Artifact, models
from preprocess.core.errors import Text2SeqError

app = typer.Typer(
    name="text2seq",
    help="Raw text rows to vocabulary, word index, length-bucketed TFRecords and the graph that "
    "serves them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(models)

# click's, which typer hands on only under the names of its subclasses.
_MisusedError: type[Exception] = typer.BadParameter.__mro__[1]

# What a command does not know is handed to Beam, which refuses what it does not know either.
_WITH_BEAM_OPTIONS = {"allow_extra_args": True, "ignore_unknown_options": True}


class Language(StrEnum):
    """Of the demo's corpus."""

    ENGLISH = "english"
    JAPANESE = "japanese"


Inputs = Annotated[
    list[str],
    typer.Option(
        "--input",
        metavar="[SPLIT=]GLOB",
        help="Raw files: .parquet, .jsonl, .csv, .tsv, .txt or .tfrecord, also .gz. Repeatable.",
    ),
]


@app.command(context_settings=_WITH_BEAM_OPTIONS)
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
    import_tensorflow()
    from beam_jobs.build import build as run

    manifest = run(spec, input, output, schema, overwrite, context.args)
    rows = manifest.rows
    written = ", ".join(f"{count:,} {split}" for split, count in rows.written.items())
    typer.echo(
        f"{output}: {rows.read:,} rows read, {sum(rows.written.values()):,} written ({written}), "
        f"{rows.rejected:,} rejected; padding {manifest.padding_fraction:.1%}"
    )


@app.command()
def verify(
    artifact: Artifact,
    input: Annotated[
        list[str] | None,
        typer.Option(metavar="[SPLIT=]GLOB", help="The rows; default: the files of the build."),
    ] = None,
) -> None:
    """Every record again through the serving graph, in a fresh process."""
    import_tensorflow()
    from beam_jobs.sources.verification_rows import raw_rows
    from preprocess.core.progress import watched
    from preprocess.verification import verify as run

    with watched("verify") as progress:
        report = run(artifact, raw_rows(artifact, input or ()), progress.add)
    for line in report.differences:
        typer.echo(line)
    records = max(report.expected, report.found)
    verdict = f"{records - report.different:,} of {records:,} records agree"
    if report.is_good:
        typer.echo(f"{artifact}: {verdict} with what serving/ answers")
        return
    typer.echo(f"{artifact}: {verdict}; {report.different:,} differ")
    raise typer.Exit(1)


@app.command()
def inspect(
    artifact: Artifact,
    records: Annotated[int, typer.Option(min=0, help="Records shown of each split.")] = 3,
) -> None:
    """The manifest, readable, and a few records decoded back to words."""
    import_tensorflow()
    from rich.console import Console

    from preprocess.inspection.artifact_summary import inspect_artifact

    Console().print(inspect_artifact(artifact, records))


@app.command()
def dictionary(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="ipadic|unidic-lite|DIR",
            help="An installed wheel, or a folder that mecab-dict-index has written.",
        ),
    ],
    output: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it exists.")
    ] = False,
) -> None:
    """A MeCab dictionary to one file, which the tokenizer `mecab` reads without MeCab."""
    from preprocess.mecab.dictionary import compile_dictionary

    compiled = compile_dictionary(source, output, overwrite)
    typer.echo(
        f"{output}: {source} {compiled.version}, {len(compiled.surfaces()):,} surfaces, "
        f"{output.stat().st_size / 1e6:.1f} MB, SHA-256 of its files {compiled.hash}"
    )


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="Folder for everything.")] = Path("out/demo"),
    rows: Annotated[
        int | None,
        typer.Option(
            min=100, help="Rows of the generated corpus; default: 20,000, japanese 3,000."
        ),
    ] = None,
    language: Annotated[
        Language, typer.Option(help="japanese: by MeCab, on frozen word2vec vectors.")
    ] = Language.ENGLISH,
) -> None:
    """All of it on a generated corpus, from raw rows to predictions and a report."""
    from preprocess.demo import demo_steps, write_corpus, write_japanese

    is_japanese = language is Language.JAPANESE
    write = write_japanese if is_japanese else write_corpus
    corpus = write(output / "corpus", rows or (3_000 if is_japanese else 20_000))
    for step in demo_steps(corpus, output):
        typer.secho(f"$ {shlex.join(['text2seq', *step])}", bold=True)
        _invoke(step)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; exits with 0, 1 (the run failed) or 2 (the user's mistake)."""
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        return _invoke(arguments)
    except _MisusedError as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "text2seq"
        message = error.format_message()  # type: ignore[attr-defined]
        end = "" if message.endswith((".", "?")) else "."
        return _complain(f"{command}: {message}{end} See `{command} --help`.", 2)
    except Text2SeqError as error:
        return _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)


def _invoke(arguments: list[str]) -> int:
    result = app(arguments, standalone_mode=False, prog_name="text2seq")
    return result if isinstance(result, int) else 0


def _complain(message: str, code: int) -> int:
    for line in message.splitlines():
        print(f"text2seq: error: {line}", file=sys.stderr)
    return code


def run_command(name: str) -> Any:
    """`python -m beam_jobs.build` as `text2seq build`."""
    main([name, *sys.argv[1:]])
