"""What commands print: nothing that comes from data, names or specs commands the terminal."""

from __future__ import annotations

import logging
import sys

import typer

from preprocess.cli.encodings import says_all
from preprocess.core.escaping import ascii_json, visible, visible_json


def say(line: str, bold: bool = False) -> None:
    """Prints one line on standard output, whatever it quotes."""
    typer.secho(visible(line), bold=bold or None)


def say_json(text: str) -> None:
    """Prints JSON on standard output; its value stays what it is."""
    typer.echo(visible_json(text) if says_all(sys.stdout) else ascii_json(text))


class VisibleFormatter(logging.Formatter):
    """The message of a log record on one line, as `say` would print it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line; a traceback that follows it has lines of its own."""
        return visible(super().formatMessage(record))
