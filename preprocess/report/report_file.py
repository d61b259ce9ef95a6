"""The file of a report, checked before any work is done."""

from __future__ import annotations

from pathlib import Path

from preprocess.core.errors import UsageError, reason_of
from preprocess.core.storage import as_local

# How a report is known as one.
_GENERATOR = b'<meta name="generator" content="text2seq report">'
_HEAD_BYTES = 4096


def check_report_file(output: str) -> Path:
    """The path of a report that can be written; makes its folder.

    Raises:
      UsageError: it is a URI, a folder or a file that is no report, or cannot be written.
    """
    path = _local(output)
    if path.is_dir():
        raise UsageError(f"{path}: got a folder, expected a file such as {path}/report.html")
    if path.exists() and not _is_report(path):
        raise UsageError(
            f"{path}: got a file that is no report of text2seq, expected a new one or an older "
            "report; choose another output"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable_report(path, error) from error
    return path


def _local(output: str) -> Path:
    local = as_local(output)
    if local is None:
        raise UsageError(f"{output}: got a URI, expected a local file; choose another output")
    return Path(local)


def _is_report(path: Path) -> bool:
    """Whether a file, which is then replaced, is an older report."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _GENERATOR in file.read(_HEAD_BYTES)


def unwritable_report(path: Path, error: OSError) -> UsageError:
    """The error for a report that the system does not let us write."""
    return UsageError(
        f"{path}: cannot be written ({reason_of(error)}); give an output in a folder that "
        "can be written"
    )
