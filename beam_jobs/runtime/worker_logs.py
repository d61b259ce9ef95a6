"""What workers print of errors that the launcher reports in one line."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any, TextIO, cast

from preprocess.core.errors import is_marked
from preprocess.core.system_failures import is_system_failure

# Those that log a worker's exceptions; the root logger those of other processes.
_LOGGERS = (
    "",
    "apache_beam.runners.common",
    "apache_beam.runners.portability.local_job_service",
    "apache_beam.runners.worker.sdk_worker",
)


@contextmanager
def without_explained_errors() -> Iterator[None]:
    """Keeps the tracebacks of errors that end as one line from standard error and the logs.

    Workers in processes of their own still print them.
    """
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(_is_unexplained)
    try:
        with redirect_stderr(cast(TextIO, _Screen(sys.stderr))):
            yield
    finally:
        for logger in loggers:
            logger.removeFilter(_is_unexplained)


def _is_unexplained(record: logging.LogRecord) -> bool:
    return not _is_explained(record.getMessage())


def _is_explained(text: str) -> bool:
    return is_marked(text) or is_system_failure(text)


class _Screen:
    """A stream without the explained texts: Beam's workers print tracebacks, in one call each."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._dropped = threading.local()

    def write(self, text: str) -> int:
        """Writes `text`, unless it is explained or the line break that `print` puts after that."""
        is_break_of_dropped = text == "\n" and getattr(self._dropped, "last", False)
        self._dropped.last = _is_explained(text)
        if self._dropped.last or is_break_of_dropped:
            return len(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
