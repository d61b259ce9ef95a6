"""Files on a disk of this machine, by the standard library."""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from preprocess.core.storage.base import TEMPORARY, Guarantees, LockedFile, Storage, StoredFile

SCHEME = "file"
_LOCK_BYTES = 1 << 16


class LocalStorage(Storage):
    """Local paths, and URIs of the scheme `file`."""

    guarantees = Guarantees(
        folders=True, atomic_rename=True, consistent_listing=True, exclusive_create=True
    )

    def open(self, path: str) -> BinaryIO:
        return open(_local(path), "rb")

    def create(self, path: str, *, exclusive: bool = False) -> BinaryIO:
        _make_parent(path)
        return cast(BinaryIO, open(_local(path), "xb" if exclusive else "wb"))

    def rename(self, source: str, destination: str) -> None:
        _make_parent(destination)
        os.replace(_local(source), _local(destination))

    @contextmanager
    def locked(self, path: str) -> Iterator[LockedFile]:
        _make_parent(path)
        # No link is followed: whoever can plant one must not have its target written to.
        descriptor = os.open(_local(path), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            yield _FlockedFile(descriptor, _is_flocked(descriptor))
        finally:
            os.close(descriptor)

    @contextmanager
    def replacing(self, path: str, *, exclusive: bool = False) -> Iterator[BinaryIO]:
        _refuse_other_than_files(path)
        _make_parent(path)
        try:
            descriptor = os.open(_parent(path), os.O_TMPFILE | os.O_WRONLY, 0o666)
        except OSError:  # the file system knows no files without a name
            with _naming(path), super().replacing(path, exclusive=exclusive) as file:
                yield file
                _flush(file)
            return
        # Nothing is left of it should this process be killed.
        with _naming(path), cast(BinaryIO, os.fdopen(descriptor, "wb")) as file:
            yield file
            _flush(file)
            if exclusive:
                _name(descriptor, _local(path))
            else:
                self._name_over(descriptor, _local(path))

    def _name_over(self, descriptor: int, path: str) -> None:
        """Gives a file without a name that of another, which may be there."""
        temporary = f"{path}.{uuid.uuid4().hex}{TEMPORARY}"
        try:
            _name(descriptor, temporary)
            os.replace(temporary, path)
        except BaseException:
            self.delete_tree(temporary)
            raise

    def move(self, source: str, destination: str) -> None:
        if os.path.lexists(_local(source)):
            self.rename(source, destination)

    def subfolders(self, folder: str) -> list[str]:
        try:
            with os.scandir(_local(folder) or ".") as entries:
                return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def glob(self, pattern: str) -> list[StoredFile]:
        scheme = pattern[: -len(_local(pattern))]
        paths = {scheme + path for path in glob.glob(_local(pattern), recursive=True)}
        sizes = ((path, self.size(path)) for path in sorted(paths))
        return [StoredFile(path, size) for path, size in sizes if size is not None]

    def list(self, folder: str, depth: int | None = None) -> list[StoredFile]:
        return sorted(_files(folder, depth))

    def link_in(self, path: str) -> str | None:
        return next(_links(path), None)

    def size(self, path: str) -> int | None:
        local = _local(path)
        return os.path.getsize(local) if os.path.isfile(local) else None

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(_local(path))

    def delete_tree(self, path: str) -> None:
        local = _local(path)
        if os.path.isdir(local) and not os.path.islink(local):
            shutil.rmtree(local)
        elif os.path.lexists(local):
            os.remove(local)


class _FlockedFile(LockedFile):
    def __init__(self, descriptor: int, is_exclusive: bool) -> None:
        self._descriptor = descriptor
        self.is_exclusive = is_exclusive

    def read(self) -> str:
        return os.pread(self._descriptor, _LOCK_BYTES, 0).decode(errors="replace")

    def write(self, text: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)


def _is_flocked(descriptor: int) -> bool:
    """Locks a file, which the kernel undoes when the process ends, however it does."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # the file system knows no locks
        return False
    return True


def _local(path: str) -> str:
    return path.removeprefix(f"{SCHEME}://")


def _parent(path: str) -> str:
    return os.path.dirname(_local(path)) or "."


_ending = False


def make_no_folders() -> None:
    """Has writers fail rather than make folders anew: this process ends, and clears them away."""
    global _ending
    _ending = True


def _make_parent(path: str) -> None:
    if _ending and not os.path.isdir(_parent(path)):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    try:
        os.makedirs(_parent(path), exist_ok=True)
    except FileExistsError as error:  # which means the file itself to those who create it
        raise NotADirectoryError(
            errno.ENOTDIR, os.strerror(errno.ENOTDIR), error.filename
        ) from error


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Gives errors of the block, such as that of a full disk, the name of the file."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or path
        raise


def _refuse_other_than_files(path: str) -> None:
    """A device or a pipe would be replaced by a file; a link to one is replaced itself."""
    local = _local(path)
    if os.path.lexists(local) and not os.path.isfile(local) and not os.path.islink(local):
        number = errno.EISDIR if os.path.isdir(local) else errno.EINVAL
        raise OSError(number, "is no regular file", path)


def _name(descriptor: int, path: str) -> None:
    """Gives a file without a name one that is free."""
    folder = os.open(os.path.dirname(path) or ".", os.O_PATH)
    try:
        # `linkat` follows the link that /proc has only where a folder is given.
        os.link(f"/proc/self/fd/{descriptor}", os.path.basename(path), dst_dir_fd=folder)
    finally:
        os.close(folder)


def _flush(file: BinaryIO) -> None:
    """Puts the bytes on the disk, so that the name is not there before them."""
    file.flush()
    os.fsync(file.fileno())


def _links(path: str) -> Iterator[str]:
    local = _local(path)
    if os.path.islink(local):
        yield path
    elif os.path.isdir(local):
        for entry in os.scandir(local):
            if entry.is_symlink() or entry.is_dir(follow_symlinks=False):
                yield from _links(os.path.join(path, entry.name))


def _files(folder: str, depth: int | None) -> Iterator[StoredFile]:
    """Links to folders are not followed, as they may lead back."""
    try:
        entries = list(os.scandir(_local(folder) or "."))
    except (FileNotFoundError, NotADirectoryError):  # also one that goes while its parent is listed
        return
    for entry in entries:
        path = os.path.join(folder, entry.name)
        if entry.is_file():
            yield StoredFile(path, entry.stat().st_size)
        elif entry.is_dir(follow_symlinks=False) and depth != 0:
            yield from _files(path, None if depth is None else depth - 1)
