"""What workers print of errors that the launcher reports in one line."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any, TextIO, cast

from preprocess.core.errors import is_marked

# Those that log a worker's exceptions; the root logger those of other processes.
_LOGGERS = (
    "",
    "apache_beam.runners.common",
    "apache_beam.runners.portability.local_job_service",
    "apache_beam.runners.worker.sdk_worker",
)


@contextmanager
def without_marked_errors() -> Iterator[None]:
    """Keeps tracebacks of errors that `across_workers` wrapped from standard error and the logs.

    Workers in processes of their own still print them.
    """
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(_is_unmarked)
    try:
        with redirect_stderr(cast(TextIO, _Screen(sys.stderr))):
            yield
    finally:
        for logger in loggers:
            logger.removeFilter(_is_unmarked)


def _is_unmarked(record: logging.LogRecord) -> bool:
    return not is_marked(record.getMessage())


class _Screen:
    """A stream without the marked texts: Beam's workers print tracebacks, in one call each."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._dropped = threading.local()

    def write(self, text: str) -> int:
        """Writes `text`, unless it is marked or the line break that `print` puts after that."""
        is_break_of_dropped = text == "\n" and getattr(self._dropped, "last", False)
        self._dropped.last = is_marked(text)
        if self._dropped.last or is_break_of_dropped:
            return len(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
