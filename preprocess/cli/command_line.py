"""The command line: one file a command, each of which imports what it needs when it runs."""

from __future__ import annotations

import sys

import typer

from preprocess.cli.build_command import WITH_BEAM_OPTIONS, build
from preprocess.cli.demo_command import demo
from preprocess.cli.dictionary_command import dictionary
from preprocess.cli.evaluate_command import evaluate
from preprocess.cli.inspect_command import inspect
from preprocess.cli.predict_command import predict
from preprocess.cli.report_command import report
from preprocess.cli.train_command import train
from preprocess.cli.vectors_command import vectors
from preprocess.cli.verify_command import verify
from preprocess.core.errors import Text2SeqError

_NAME = "text2seq"

app = typer.Typer(
    name=_NAME,
    help="Raw text rows to vocabulary, word index, length-bucketed TFRecords and the graph that "
    "serves them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command(context_settings=WITH_BEAM_OPTIONS)(build)
for _command in (
    verify,
    inspect,
    vectors,
    train,
    evaluate,
    predict,
    report,
    dictionary,
    demo,
):
    app.command()(_command)

# click's, which typer hands on only under the names of its subclasses.
_MisusedError: type[Exception] = typer.BadParameter.__mro__[1]


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; exits with 0, 1 (the run failed) or 2 (the user's mistake)."""
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        return _invoke(arguments)
    except _MisusedError as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else _NAME
        message = error.format_message()  # type: ignore[attr-defined]
        end = "" if message.endswith((".", "?")) else "."
        return _complain(f"{command}: {message}{end} See `{command} --help`.", 2)
    except Text2SeqError as error:
        return _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)


def _invoke(arguments: list[str]) -> int:
    result = app(arguments, standalone_mode=False, prog_name=_NAME)
    return result if isinstance(result, int) else 0


def _complain(message: str, code: int) -> int:
    for line in message.splitlines():
        print(f"text2seq: error: {line}", file=sys.stderr)
    return code


def run_command(name: str) -> None:
    """`python -m beam_jobs.build` as `text2seq build`."""
    main([name, *sys.argv[1:]])
