"""One run at a time writes to a folder: it holds the marker, and its line there says who it is."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from preprocess.core.output.folder_kind import MARKER, FolderKind
from preprocess.core.storage import LockedFile, storage_of

_COMMAND = re.compile(r"`(?:text2seq )?(\w+) --overwrite`")
# A swap takes milliseconds; whoever meets one waits for its end.
_PATIENCE = 10.0  # seconds
_POLL = 0.05


@contextmanager
def locked_folder(root: str, kind: FolderKind, *, patient: bool = False) -> Iterator[LockedFile]:
    """Holds the marker of a folder.

    Args:
      root: the folder.
      kind: what it is.
      patient: whether to wait a while for another process that holds it.

    Yields:
      The marker, with what a run that was killed has left in it.

    Raises:
      BlockingIOError: another process holds it.
    """
    marker, until = f"{root}/{MARKER}", time.monotonic() + (_PATIENCE if patient else 0)
    storage = storage_of(root)
    while True:
        try:
            with storage.locked(marker) as held:
                yield held
                return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
        time.sleep(_POLL)


def owner_line(kind: FolderKind, work: str) -> str:
    """What the marker says while a run of this process writes to the folder."""
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return (
        f"in use by `{kind.command}`, process {os.getpid()} on {socket.gethostname()}, "
        f"since {since}, in {os.path.basename(work)}\n"
    )


def command_in(text: str) -> str:
    """The command that the text of a marker names as its folder's; empty if it names none."""
    named = _COMMAND.search(text.partition("\n")[0])
    return f"text2seq {named[1]}" if named else ""


def owner_in(text: str) -> str:
    """The owner that the text of a marker names; empty if there is none."""
    return text.partition("\n")[2].strip()


def in_use(root: str) -> str:
    """Who holds a folder, as far as its marker says."""
    marker = f"{root}/{MARKER}"
    storage = storage_of(root)
    text = storage.read(marker).decode(errors="replace") if storage.exists(marker) else ""
    return owner_in(text)
