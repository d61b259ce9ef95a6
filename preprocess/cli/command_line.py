"""The command line: one file a command, each of which imports what it needs when it runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Annotated, Any

import typer

from preprocess.cli.beam_command import BEAM_CONTEXT, BeamCommand
from preprocess.cli.build_command import build
from preprocess.cli.demo_command import demo
from preprocess.cli.dictionary_command import dictionary
from preprocess.cli.evaluate_command import evaluate
from preprocess.cli.inspect_command import inspect
from preprocess.cli.predict_command import predict
from preprocess.cli.report_command import report
from preprocess.cli.train_command import train
from preprocess.cli.vectors_command import vectors
from preprocess.cli.verify_command import verify
from preprocess.cli.version_option import say_version
from preprocess.core.errors import Text2SeqError
from preprocess.core.escaping import visible
from preprocess.core.system_failures import system_failure

_NAME = "text2seq"

app = typer.Typer(
    name=_NAME,
    help="Raw text rows to vocabulary, word index, length-bucketed TFRecords and the graph that "
    "serves them; and to a model from raw text to predictions. Each command has its own --help.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=say_version, help="Show the version."),
    ] = False,
) -> None:
    """Takes the options that stand before a command."""


# In the order of the work.
_COMMANDS: tuple[tuple[Callable[..., None], dict[str, Any]], ...] = (
    (demo, {}),
    (dictionary, {}),
    (build, {"cls": BeamCommand, "context_settings": BEAM_CONTEXT}),
    (verify, {}),
    (inspect, {}),
    (vectors, {}),
    (train, {}),
    (evaluate, {}),
    (predict, {}),
    (report, {}),
)
for _command, _settings in _COMMANDS:
    # Else the list of commands shows the beginning of a summary.
    _summary = (_command.__doc__ or "").partition("\n")[0]
    app.command(short_help=_summary, **_settings)(_command)

# click's, which typer hands on only under the names of its subclasses.
_MisusedError: type[Exception] = typer.BadParameter.__mro__[1]


def run(arguments: list[str]) -> int:
    """Runs one command, and gives its exit code; a user's mistake is one line."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()  # here a full disk can still be told
        return code
    except _MisusedError as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else _NAME
        message = error.format_message()  # type: ignore[attr-defined]
        end = "" if message.endswith((".", "?")) else "."
        return _complain([f"{command}: {message}{end} See `{command} --help`."], 2)
    except Text2SeqError as error:
        return _complain(error.lines, error.exit_code)
    except BrokenPipeError:
        _drop_output()  # whoever read it has read enough, as `head` does
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        return _complain(["interrupted; run the same command again"], 130)
    except Exception as error:
        failure = system_failure(error, "standard output")
        if failure is None:
            raise
        if isinstance(error, OSError) and error.filename is None:
            _drop_output()
        return _complain(failure.lines, failure.exit_code)


def _drop_output() -> None:
    """Lets what is left of the output go, which Python would try to write once more."""
    with suppress(OSError, ValueError):  # no file, where a program has replaced it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _invoke(arguments: list[str]) -> int:
    result = app(arguments, standalone_mode=False, prog_name=_NAME)
    return result if isinstance(result, int) else 0


def _complain(lines: Iterable[str], code: int) -> int:
    for line in lines:  # what they quote may hold newlines, which must begin no line of ours
        print(f"text2seq: error: {visible(line)}", file=sys.stderr)
    return code
