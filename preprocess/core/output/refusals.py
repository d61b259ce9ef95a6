"""What a command refuses as its output."""

from __future__ import annotations

from preprocess.core.errors import UsageError, reason_of
from preprocess.core.output.folder_kind import FolderKind

_MAGIC = set("*?[\\")


def refuse_unusable(path: str) -> None:
    r"""Refuses a folder that TensorFlow could not read from, whatever is written to it.

    It reads a SavedModel's variables by a pattern, in which * ? [ and \ mean something, and takes
    paths in UTF-8 only.

    Raises:
      UsageError: names the characters.
    """
    if not path:
        raise UsageError("got an empty path, expected a folder; give one with --output")
    if _MAGIC & set(path):
        raise UsageError(
            f"{path}: got a path with one of * ? [ \\ in it, expected none, as TensorFlow takes "
            f"them for a pattern; choose another --output"
        )
    try:
        path.encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"{path}: got a path that is not UTF-8, expected one that TensorFlow can open; choose "
            "another --output"
        ) from None


def foreign_folder(path: object) -> UsageError:
    """The error for an output folder that holds what is not ours."""
    return UsageError(
        f"{path}: got a folder that is not empty and not made by text2seq, expected a new or "
        "empty one; choose another --output"
    )


def other_folder(path: object, command: str) -> UsageError:
    """The error for an output folder that another command writes to."""
    return UsageError(
        f"{path}: got a folder that `{command}` made, expected one of this command, or a new or "
        "empty one; choose another --output"
    )


def finished_folder(path: object, kind: FolderKind) -> UsageError:
    """The error for a finished folder that may not be replaced."""
    resume = " or --resume to train it further" if kind.state else ""
    return UsageError(
        f"{path}: got a folder with a finished {kind.name}, expected a new one; "
        f"choose another --output or add --overwrite{' to replace it' if resume else ''}{resume}"
    )


def unwritable_folder(path: object, error: OSError, kind: FolderKind) -> UsageError:
    """The error for a folder that the system lets nobody write to."""
    return UsageError(
        f"{path}: cannot be written ({reason_of(error)}), expected a folder for the {kind.name}; "
        "choose another --output"
    )


def busy_folder(path: object, owner: str) -> UsageError:
    """The error for an output folder that another run is writing to."""
    return UsageError(
        f"{path}: got a folder that is {owner or 'in use by another process'}, expected one that "
        "nobody writes to; wait until that run has ended, or choose another --output"
    )


def linked_folder(path: object, link: str) -> UsageError:
    """The error for a folder that a symbolic link leads out of."""
    return UsageError(
        f"{path}: got the symbolic link {link} in it, expected files and folders of its own; "
        "remove the link, or choose another --output"
    )


def existing_file(path: object) -> UsageError:
    """The error for an output file that exists and may not be replaced."""
    return UsageError(
        f"{path}: got a file that exists, expected a new one; "
        "choose another --output or add --overwrite"
    )
