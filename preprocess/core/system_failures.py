"""What the operating system refuses, in one line: full disks, missing permissions, no memory."""

from __future__ import annotations

import errno
import os
import re

from preprocess.core.errors import SystemFailure, chain

_SPACE = "free some space there, or choose another disk, and run the same command again"
_RIGHTS = "give a path that you may read and write"
_REMEDIES = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: _SPACE,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.EMFILE: "raise the number of files that a process may open (ulimit -n)",
    errno.ENAMETOOLONG: "choose a shorter path",
}
_OTHERWISE = "check the path and the disk"
# Those that no program error looks like: workers and TensorFlow pass the text alone.
_BY_TEXT = [
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EMFILE,
    errno.ENOTDIR,
]
_AS_PYTHON_SAYS = re.compile(r"\[[Ee]rrno (\d+)\] [^\n:\[]+(?:: '([^'\n]+)')?")


def system_failure(error: BaseException, place: str | None = None) -> SystemFailure | None:
    """The line for an error that is the system's, or stems from one; None for any other.

    Args:
      error: as it was raised, here or, as text, in a worker.
      place: what the command writes; named where the error names no file.
    """
    for cause in chain(error):
        if isinstance(cause, MemoryError):
            return SystemFailure(
                "got no more memory, expected enough for the largest shard, batch or vocabulary; "
                "set output.shards to more files, lower --direct_num_workers, or take a larger "
                "machine"
            )
        if isinstance(cause, OSError) and cause.errno is not None:
            return _refused(cause.errno, cause.filename or place)
    return _in_text("\n".join(map(str, chain(error))), place)


def is_system_failure(text: str) -> bool:
    """Whether a worker's traceback, or a log message, holds one."""
    return _in_text(text, None) is not None


def _in_text(text: str, place: str | None) -> SystemFailure | None:
    for number, path in reversed(_AS_PYTHON_SAYS.findall(text)):
        return _refused(int(number), path or place)
    for number in _BY_TEXT:
        if os.strerror(number) in text:
            return _refused(number, place)
    return None


def _refused(number: int, path: object) -> SystemFailure:
    where = f"{os.fsdecode(path)}: " if isinstance(path, str | bytes | os.PathLike) else ""
    return SystemFailure(
        f"{where}cannot be read or written ({os.strerror(number)}); "
        f"{_REMEDIES.get(number, _OTHERWISE)}"
    )
