"""A folder that one run writes to: refused or claimed before, and whole or unchanged after."""

from __future__ import annotations

import errno
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from preprocess.core.errors import SystemFailure, Text2SeqError, UsageError
from preprocess.core.output.folder_kind import MARKER, FolderKind
from preprocess.core.output.folder_lock import (
    command_in,
    in_use,
    locked_folder,
    owner_in,
    owner_line,
)
from preprocess.core.output.leftovers import clearing, undivided
from preprocess.core.output.refusals import (
    busy_folder,
    finished_folder,
    foreign_folder,
    linked_folder,
    other_folder,
    refuse_unusable,
    unwritable_folder,
)
from preprocess.core.output.swap import NEW, STATE, WORK, finish_swaps, is_begun, swap
from preprocess.core.output.temporary_files import temporary_files_in
from preprocess.core.storage import LockedFile, as_local, delete_tree, storage_of
from preprocess.core.system_failures import system_failure

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClaimedFolder:
    """A folder that this process alone may write to.

    Attributes:
      root: the folder.
      kind: what it is to hold.
      work: holds everything that is written until it is whole.
      alias: another path of `work`, of ASCII characters only.
      replaces: whether a finished content may be replaced.
    """

    root: str
    kind: FolderKind
    work: str
    alias: str
    replaces: bool

    @property
    def new(self) -> str:
        """Where the new content is written, under the names that it will have in `root`."""
        return f"{self.alias}/{NEW}"

    @property
    def scratch(self) -> str:
        """Holds what is of no use once the run has ended."""
        return f"{self.alias}/scratch"

    @property
    def is_finished(self) -> bool:
        """Whether `root` holds a finished content."""
        return storage_of(self.root).exists(f"{self.root}/{self.kind.manifest}")

    @property
    def state(self) -> str:
        """Where a run keeps what it can be resumed from: apart from that of a finished one."""
        return f"{self.root}/{STATE}" if self.is_finished else self.root

    def publish(self) -> None:
        """Puts the new content, whose manifest is written, in the place of the old.

        Raises:
          UsageError: in the meantime somebody without a lock has put one there.
        """
        if self.is_finished and not self.replaces:
            raise finished_folder(self.root, self.kind)
        if not storage_of(self.work).exists(f"{self.work}/{NEW}/{self.kind.manifest}"):
            raise FileNotFoundError(errno.ENOENT, "was not written", f"{self.work}/{NEW}")
        with undivided():
            swap(self.work, self.root, self.kind)

    def real(self, text: str) -> str:
        """`text` with the paths that the user knows."""
        return text.replace(self.alias, self.work)


@contextmanager
def claimed(
    root: str, kind: FolderKind, *, overwrite: bool, resume: bool = False
) -> Iterator[ClaimedFolder]:
    """Makes a folder ours, and ready to be written to, for as long as the block runs.

    When the block ends, what has not been published is gone. Files that are none of the kind's
    stay where they are. Meanwhile Python's temporary files, those of child processes too, lie in
    the scratch folder, as libraries make some that would outlive a kill.

    Args:
      root: a path or URI.
      kind: what is to be written.
      overwrite: whether a finished content may be replaced.
      resume: whether one may be replaced by what continues it, and the state of one that was cut
        short stays.

    Raises:
      UsageError: the folder cannot be used, holds something else, or a content that may not be
        replaced, or another run writes to it.
      SystemFailure: the system refuses what the block writes, as on a full disk.
    """
    root = _usable(root)
    work = f"{root}/{WORK}{secrets.token_hex(6)}"
    with ExitStack() as stack:
        held = _held(stack, root, kind)
        _refuse_links(root, kind)
        stack.enter_context(clearing(lambda: _release(held, kind)))
        held.write(kind.marker_text + owner_line(kind, work))
        finish_swaps(root, kind)
        stack.enter_context(clearing(lambda: _clear(work), gone=as_local(work)))
        folder = ClaimedFolder(root, kind, work, _alias(stack, work), overwrite or resume)
        if folder.is_finished and not folder.replaces:
            raise finished_folder(root, kind)
        _delete_unfinished(folder, resume)
        stack.enter_context(_explaining(folder))
        stack.enter_context(temporary_files_in(folder.scratch))
        yield folder


def check_output(root: str, kind: FolderKind, *, overwrite: bool, resume: bool = False) -> None:
    """Refuses a local folder that `claimed` would refuse, before any work is done.

    Nothing is written. What happens to the folder afterwards, `claimed` finds.

    Args:
      root: a path; a URI is not looked at, as that may take long.
      kind: what is to be written.
      overwrite: whether a finished content may be replaced.
      resume: whether one may be replaced by what continues it.

    Raises:
      UsageError: the folder cannot be used, holds something else, or a content that may not be
        replaced.
    """
    if as_local(root) is None:
        return
    root = _usable(root)
    _refuse_unwritable(root, kind)
    storage, marker = storage_of(root), f"{root}/{MARKER}"
    if storage.exists(marker):
        _refuse_other(root, kind, storage.read(marker).decode(errors="replace"))
    _refuse_links(root, kind)
    if not (overwrite or resume) and storage.exists(f"{root}/{kind.manifest}"):
        raise finished_folder(root, kind)


def _usable(root: str) -> str:
    """The path of a folder that is new, empty or ours, without a slash at its end."""
    refuse_unusable(root)
    root = (as_local(root) or root).rstrip("/") or "/"
    _refuse_foreign(root)
    return root


def _refuse_unwritable(root: str, kind: FolderKind) -> None:
    """Looks at the folder, or at the one that it would be made in."""
    place = os.path.abspath(root)
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        error = NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), place)
        raise unwritable_folder(root, error, kind)
    if not os.access(place, os.W_OK | os.X_OK):
        raise unwritable_folder(root, PermissionError(errno.EACCES, "Permission denied"), kind)


def _refuse_foreign(root: str) -> None:
    storage, marker = storage_of(root), f"{root}/{MARKER}"
    if storage.link_in(marker):
        raise linked_folder(root, marker)
    if storage.exists(marker):
        return
    if storage.exists(root) or storage.list(root, depth=0) or storage.subfolders(root):
        raise foreign_folder(root)


def _held(stack: ExitStack, root: str, kind: FolderKind) -> LockedFile:
    try:
        held = stack.enter_context(locked_folder(root, kind))
    except BlockingIOError as error:
        raise busy_folder(root, in_use(root)) from error
    except OSError as error:
        raise unwritable_folder(root, error, kind) from error
    text = held.read()
    _refuse_other(root, kind, text)
    owner = owner_in(text)
    if owner and not held.is_exclusive and _is_there(root, owner):
        raise UsageError(
            f"{root}: got a folder that is {owner}, on a storage without locks, expected one that "
            f"nobody writes to; wait until that run has ended, or, if it was killed, delete "
            f"{root}/{_work_of(owner)}"
        )
    if owner:
        logger.warning("%s: clears away what a run that was killed has left: %s", root, owner)
    return held


def _refuse_other(root: str, kind: FolderKind, marker: str) -> None:
    """Refuses a folder whose marker names another command."""
    if (command := command_in(marker)) not in ("", kind.command):
        raise other_folder(root, command)


def _release(held: LockedFile, kind: FolderKind) -> None:
    with suppress(OSError):  # a full disk; the lock itself does not depend on the text
        held.write(kind.marker_text)


def _clear(work: str) -> None:
    if not is_begun(work):
        delete_tree(work)


def _work_of(owner: str) -> str:
    return owner.rpartition(" in ")[2]


def _is_there(root: str, owner: str) -> bool:
    return _work_of(owner) in storage_of(root).subfolders(root)


def _refuse_links(root: str, kind: FolderKind) -> None:
    """Before anything is deleted: what a link leads to is not ours."""
    storage = storage_of(root)
    for name in (kind.manifest, *kind.members, STATE):
        if link := storage.link_in(f"{root}/{name}"):
            raise linked_folder(root, link)


def _delete_unfinished(folder: ClaimedFolder, resume: bool) -> None:
    """Deletes what runs that were cut short have left, unless this one resumes from it."""
    names = {STATE} if folder.is_finished else {STATE, *folder.kind.members}
    for name in names - ({STATE, *folder.kind.state} if resume else set()):
        delete_tree(f"{folder.root}/{name}")


@contextmanager
def _explaining(folder: ClaimedFolder) -> Iterator[None]:
    """Names the folder where a library that wrote to it, or a worker, names no file."""
    try:
        yield
    except Text2SeqError:
        raise
    except Exception as error:
        failure = system_failure(error, folder.root)
        if failure is None:
            raise
        raise SystemFailure(folder.real(str(failure))) from error


def _alias(stack: ExitStack, work: str) -> str:
    """A path of a local folder that libraries which take ASCII only can use; it makes the folder.

    It leads through this process' open files, so that other processes of the user may use it too,
    and nothing is left of it.
    """
    local = as_local(work)
    if local is None or work.isascii():
        return work
    os.makedirs(local)
    descriptor = os.open(local, os.O_PATH | os.O_DIRECTORY)
    stack.callback(os.close, descriptor)
    return f"/proc/{os.getpid()}/fd/{descriptor}"
