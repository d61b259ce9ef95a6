"""`text2seq demo`."""

from __future__ import annotations

import io
import shlex
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from preprocess.cli.terminal import say
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from preprocess.demo import corpus, japanese, steps

MAX_ROWS = 10_000_000


class Language(StrEnum):
    """The language of the demo's corpus."""

    ENGLISH = "english"
    JAPANESE = "japanese"


def demo(
    context: typer.Context,
    output: Annotated[Path, typer.Option(help="Folder for everything.")] = Path("out/demo"),
    rows: Annotated[
        int | None,
        typer.Option(
            min=100,
            max=MAX_ROWS,
            help="Rows of the generated corpus; default: 20,000, japanese 3,000.",
        ),
    ] = None,
    language: Annotated[
        Language, typer.Option(help="japanese: by MeCab, on frozen word2vec vectors.")
    ] = Language.ENGLISH,
) -> None:
    """Every step on a generated corpus, from raw rows to predictions and a report."""
    is_japanese = language is Language.JAPANESE
    write = japanese.write_japanese if is_japanese else corpus.write_corpus
    written = write(output / "corpus", rows or (3_000 if is_japanese else 20_000))
    printed = {step[0]: _run(context, step) for step in steps.demo_steps(written, output)}
    for line in steps.results(printed, output):
        say(line, bold=True)


def _run(context: typer.Context, step: list[str]) -> str:
    """Runs a command, and gives what it printed."""
    root, printed = context.find_root(), io.StringIO()
    say(f"$ {shlex.join(['text2seq', *step])}", bold=True)
    with redirect_stdout(printed):
        code = root.command.main(step, prog_name=root.info_name, standalone_mode=False)
    typer.echo(printed.getvalue(), nl=False)
    if code:
        raise typer.Exit(code)
    return printed.getvalue()
