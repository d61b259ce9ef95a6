"""What must not be left behind, however a command ends.

When it is interrupted its other threads go on, and may make again what is cleared away. So the
last look and the end of the process are C functions that are called with the interpreter's lock
held, microseconds apart.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import NamedTuple, NoReturn

from preprocess.core.storage.local_storage import make_no_folders

_ATTEMPTS = 100


_Clear = Callable[[], None]


class _Pending(NamedTuple):
    clear: _Clear
    gone: str | None


_libc = ctypes.PyDLL(None)  # which keeps the interpreter's lock
_pending: list[_Pending] = []
_lock = threading.Lock()
_whole = threading.RLock()


def undivided() -> AbstractContextManager[object]:
    """A block that `delete_leftovers` waits for, and that does not begin once that has."""
    return _whole


@contextmanager
def clearing(clear: _Clear, gone: str | None = None) -> Iterator[None]:
    """Calls `clear` when the block ends, or the command is interrupted within it.

    Args:
      clear: may be called several times.
      gone: a local path that is not there any more once it has been called.
    """
    pending = _Pending(clear, gone)
    with _lock:
        _pending.append(pending)
    try:
        yield
    finally:
        _persist(clear)
        with _lock:
            _pending.remove(pending)


def delete_leftovers() -> None:
    """Clears whatever a block is still running for, the last begun first; the process must end."""
    _whole.acquire()  # for good
    make_no_folders()
    for pending in reversed(list(_pending)):
        with suppress(OSError):
            _persist(pending.clear)


def end_process(code: int) -> NoReturn:
    """Ends this process at once, after `delete_leftovers`, and with nothing left."""
    for _ in range(_ATTEMPTS):
        if not any(_is_there(pending.gone) for pending in _pending):
            break
        delete_leftovers()
    _libc._exit(code)
    raise AssertionError("never reached")


def _is_there(path: str | None) -> bool:
    return path is not None and _libc.access(os.fsencode(path), os.F_OK) == 0


def _persist(clear: _Clear) -> None:
    """Calls `clear` until it succeeds: a folder that is being deleted may still be written to."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            clear()
            break
        except OSError:
            if not left:
                raise
