"""What commands print: nothing that comes from data, names or specs commands the terminal."""

from __future__ import annotations

import logging

import typer

from preprocess.core.escaping import visible_json, visible_lines


def say(text: str, bold: bool = False) -> None:
    """Prints a line, or several, on standard output."""
    typer.secho(visible_lines(text), bold=bold or None)


def say_json(text: str) -> None:
    """Prints JSON on standard output; its value stays what it is."""
    typer.echo(visible_json(text))


class VisibleFormatter(logging.Formatter):
    """The message of a log record alone, as `say` would print it."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record."""
        return visible_lines(super().format(record))
