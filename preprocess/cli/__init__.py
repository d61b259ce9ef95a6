"""The command line."""

from preprocess.cli.command_line import main

__all__ = ["main"]
