"""Where libraries put their temporary files while a run writes to a folder."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from preprocess.core.storage import as_local

_VARIABLE = "TMPDIR"
_lock = threading.Lock()
# Of the runs of this process, the last begun counts.
_folders: list[str] = []
_before: tuple[str | None, str | None] = (None, None)


@contextmanager
def temporary_files_in(scratch: str) -> Iterator[None]:
    """Has Python's temporary files, those of child processes too, lie below a local folder."""
    local = as_local(scratch)
    if local is None:
        yield
        return
    folder = os.path.join(os.path.abspath(local), "tmp")
    os.makedirs(folder)
    _begin(folder)
    try:
        yield
    finally:
        _end(folder)


def _begin(folder: str) -> None:
    global _before
    with _lock:
        if not _folders:
            _before = tempfile.tempdir, os.environ.get(_VARIABLE)
        _folders.append(folder)
        _set(folder, folder)


def _end(folder: str) -> None:
    with _lock:
        _folders.remove(folder)
        if _folders:
            _set(_folders[-1], _folders[-1])
        else:
            _set(*_before)


def _set(folder: str | None, variable: str | None) -> None:
    tempfile.tempdir = folder
    if variable is None:
        os.environ.pop(_VARIABLE, None)
    else:
        os.environ[_VARIABLE] = variable
