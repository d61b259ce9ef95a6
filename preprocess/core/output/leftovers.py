"""What must not be left behind, however a command ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

_ATTEMPTS = 100

_Clear = Callable[[], None]
_pending: list[_Clear] = []
_lock = threading.Lock()
_whole = threading.RLock()


def undivided() -> AbstractContextManager[object]:
    """A block that `delete_leftovers` waits for, and that does not begin once that has."""
    return _whole


@contextmanager
def clearing(clear: _Clear) -> Iterator[None]:
    """Calls `clear` when the block ends, or the command is interrupted within it."""
    with _lock:
        _pending.append(clear)
    try:
        yield
    finally:
        _persist(clear)
        with _lock:
            _pending.remove(clear)


def delete_leftovers() -> None:
    """Clears whatever a block is still running for, the last begun first; the process must end."""
    _whole.acquire()  # for good
    for clear in reversed(list(_pending)):
        with suppress(OSError):
            _persist(clear)


def _persist(clear: _Clear) -> None:
    """Calls `clear` until it succeeds: a folder that is being deleted may still be written to."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            clear()
            break
        except OSError:
            if not left:
                raise
