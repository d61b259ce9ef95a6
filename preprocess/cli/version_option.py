"""`text2seq --version`."""

from __future__ import annotations

from importlib.metadata import version

import typer

from preprocess.cli.terminal import say


def say_version(is_asked: bool) -> None:
    """Prints the version of the package, and ends the command, if it is asked for."""
    if is_asked:
        say(f"text2seq {version('text2seq')}")
        raise typer.Exit()
