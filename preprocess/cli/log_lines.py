"""What our own modules log, as lines on standard error."""

from __future__ import annotations

import logging
import sys

from preprocess.cli.terminal import VisibleFormatter

_OURS = ("preprocess", "beam_jobs")


def log_to_stderr() -> None:
    """Shows what our own modules log: the message alone, a line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(VisibleFormatter("%(message)s"))
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]  # one, however many commands run in this process
        logger.propagate = False  # some libraries give the root logger a handler
        logger.setLevel(logging.INFO)
