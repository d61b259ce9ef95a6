"""What a command refuses as its output, and the mark of a folder that is ours."""

from __future__ import annotations

from preprocess.core.errors import UsageError

MARKER = ".text2seq"
"""The file that says that a folder is ours, and may be deleted on a rerun or with `--overwrite`."""


def marker_text(command: str, run: str) -> str:
    """The content of the marker of a folder that `command` writes to; one run of it is a `run`."""
    return f"Made by text2seq: `{command} --overwrite` may delete what a {run} has written here.\n"


def foreign_folder(path: object) -> UsageError:
    """The error for an output folder that holds what is not ours."""
    return UsageError(
        f"{path}: got a folder that is not empty and not made by text2seq, expected a new or "
        "empty one; choose another --output"
    )


def existing_file(path: object) -> UsageError:
    """The error for an output file that exists and may not be replaced."""
    return UsageError(
        f"{path}: got a file that exists, expected a new one; "
        "choose another --output or add --overwrite"
    )
