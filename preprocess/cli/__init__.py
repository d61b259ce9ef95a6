"""The command line."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from preprocess.cli.encodings import spell_out_what_has_no_code
from preprocess.cli.interrupts import end_on_signals, end_quietly
from preprocess.core.lazy import lazy_imports

with lazy_imports():  # signals are seen to before anything that takes long to import
    from preprocess.cli import command_line
    from preprocess.core import progress_display

# TensorFlow imports Keras 3 too, and that imports scikit-learn, SciPy and matplotlib where they are
# installed; these commands need none of it.
_WITHOUT_KERAS = {"build", "dictionary", "inspect", "predict", "verify"}

__all__ = ["main", "run_command"]


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; exits with 0, 1 (the run failed) or 2 (the user's mistake).

    Args:
      arguments: default: those of the process, which a signal then ends with 130 or 143.
    """
    if arguments is None:
        _run_process(sys.argv[1:])
    sys.exit(command_line.run(arguments))


def run_command(name: str) -> None:
    """`python -m beam_jobs.build` as `text2seq build`."""
    _run_process([name, *sys.argv[1:]])


def _run_process(arguments: list[str]) -> NoReturn:
    end_on_signals()
    spell_out_what_has_no_code()
    progress_display.start_clock_with_process()
    if _WITHOUT_KERAS & set(arguments[:1]):
        os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")  # for the processes that it starts too
    try:
        code = command_line.run(arguments)
    finally:
        end_quietly()
    sys.exit(code)
