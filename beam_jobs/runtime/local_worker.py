"""A worker process of a local job: Beam's own, but it ends when its launcher does.

python -m beam_jobs.runtime.local_worker LAUNCHER
"""

from __future__ import annotations

import ctypes
import os
import shlex
import signal
import sys

from preprocess.core.lazy import lazy_imports

with lazy_imports():  # whose import takes seconds, in which the launcher may end
    from apache_beam.runners.worker import sdk_worker_main

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def command() -> str:
    """The shell command that starts a worker of this process, in the place of the shell."""
    return f"exec {shlex.quote(sys.executable)} -m {__name__} {os.getpid()}"


def main() -> None:
    """Runs a worker until its launcher ends it, or ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(sys.argv.pop(1)):  # it has ended before
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to us too
    sdk_worker_main.main(sys.argv)


if __name__ == "__main__":
    main()
