"""What happens when the user, or the system, interrupts a command.

Python hands a signal to the main thread, which may be in the middle of a library's long call, and
Beam's and TensorFlow's threads end when they please. So a thread of its own waits for the signal,
clears away what the command must not leave behind, and ends the process.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from preprocess.core.lazy import lazy_imports

with lazy_imports():  # handlers are in place before anything else is imported
    from preprocess.core.output import leftovers

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MESSAGE = b"text2seq: error: interrupted; run the same command again\n"
# Begins a new line behind a progress bar, and shows the cursor that it hides.
_interrupted = threading.Event()
_TERMINAL = b"\r\x1b[K\x1b[?25h"


def end_on_signals() -> None:
    """Has SIGINT, SIGTERM and SIGHUP end this process with 130, 143 and 129, and one line.

    A SIGHUP that is ignored stays so, as under `nohup`; a SIGINT does not, though shells have jobs
    in the background ignore it, as nobody sends one by mistake. For the main thread, before it
    does anything else.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    stderr = os.dup(2)  # commands redirect theirs for a while
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # the byte in the pipe is what counts
    threading.Thread(target=_wait, args=(reader, stderr), daemon=True).start()


def end_quietly() -> None:
    """To be called when the command has ended: from now on signals are ignored.

    Never returns once one has come: what the command makes of it then is no result.
    """
    if _interrupted.is_set():
        threading.Event().wait()
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _wait(reader: int, stderr: int) -> None:
    number = os.read(reader, 1)[0]
    while number not in _SIGNALS:  # other handlers' signals come this way too
        number = os.read(reader, 1)[0]
    _interrupted.set()
    with suppress(OSError):
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):  # other threads will complain of what vanishes
            os.dup2(silence, stream)
    try:
        _kill_children()
        leftovers.delete_leftovers()
        os.set_blocking(stderr, False)  # nobody may be reading
        os.write(stderr, (_TERMINAL if os.isatty(stderr) else b"") + _MESSAGE)
    finally:
        leftovers.end_process(128 + number)


def _kill_children() -> None:
    """Kills every process that this one has started, and those that they have."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        children[int(fields[1])].append(int(path.parent.name))
    pending = children[os.getpid()]
    for child in pending:
        pending += children[child]
    for child in pending:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    for child in pending:
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
