"""Runs the real command line in forks of one process that has imported everything.

Started as a file by `Commands`: reads a JSON object a line, and answers one. A fork gets its own
session, output files, temporary folder and, if asked, a disk of its own. It meets its fate when
it is about to do the n-th thing that changes or opens a file, or has used so much of a processor,
so that no clock decides how far it gets.

    {"argv": [...], "cwd": ..., "tmp": ..., "fate": "KILL" | "INT" | "TERM" | null, "at": n or 0,
     "cpu": seconds or null, "disk": {"at": folder, "bytes": n, "seed": folder} or null}
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

# What a command may need, imported once.
import keras  # noqa: F401

import preprocess.cli.command_line
import preprocess.mecab.dictionary.compiler
import preprocess.prediction
import preprocess.report
import preprocess.training
import preprocess.vectors
import preprocess.verification  # noqa: F401
from preprocess.cli import main

sys.path.append(str(Path(__file__).parents[1] / "support"))

from processes import LIMIT

EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate"}
_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_REC, _MS_PRIVATE = 0x4000, 1 << 18

_POLL = 0.005  # seconds

Job = dict[str, Any]


def _run(job: Job, out: Path, err: Path, noted: Path) -> int:
    """The command, in this process; its exit code."""
    for path, number in ((out, 1), (err, 2)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, number)
    os.chdir(job["cwd"])
    os.environ["TMPDIR"], tempfile.tempdir = job["tmp"], None
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the shell made of it
    _meet(job.get("fate"), job.get("at", 0), noted)
    sys.argv = ["text2seq", *job["argv"]]
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 1


def _meet(fate: str | None, at: int, noted: Path) -> None:
    """Sends itself a signal at the `at`-th event; without one notes the number of events."""
    seen, mine = 0, os.getpid()
    number = getattr(signal, f"SIG{fate}") if fate else None

    def look(event: str, _: object) -> None:
        nonlocal seen
        if event in EVENTS and os.getpid() == mine:
            seen += 1
            if number is None and seen % 16 == 0:
                os.truncate(descriptor, seen)
            elif number is not None and seen == at:
                os.kill(mine, number)

    descriptor = os.open(noted, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    sys.addaudithook(_once(look))


def _once(look: Any) -> Any:
    """`look` without the events that it causes itself."""
    busy = False

    def guarded(event: str, arguments: object) -> None:
        nonlocal busy
        if not busy:
            busy = True
            try:
                look(event, arguments)
            finally:
                busy = False

    return guarded


def _mount(disk: dict[str, Any]) -> None:
    """A small disk in place of a folder, for this process and its children only.

    Raises:
      OSError: the system allows it to nobody here.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    is_root, uid, gid = os.getuid() == 0, os.getuid(), os.getgid()
    _checked(libc.unshare(_CLONE_NEWNS | (0 if is_root else _CLONE_NEWUSER)))
    if not is_root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    _checked(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
    options = f"size={disk['bytes']}".encode()
    _checked(libc.mount(b"tmpfs", disk["at"].encode(), b"tmpfs", 0, options))


def _checked(code: int) -> None:
    if code:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _in_session(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(path.parent.name))
    return found


def _orphans(session: int) -> int:
    """How many processes outlive the command for good; they are killed."""
    for process in _in_session(session):
        with suppress(ProcessLookupError):
            select.select([os.pidfd_open(process)], [], [], LIMIT)
    left = _in_session(session)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return len(left)


def _answer(job: Job, folder: Path) -> dict[str, Any]:
    out, err, noted, copied = (folder / name for name in ("out", "err", "noted", "copied"))
    shutil.rmtree(copied, ignore_errors=True)
    child = os.fork()
    if not child:
        os.setsid()
        os._exit(_on_its_disk(job, out, err, noted, copied))
    _strike(child, job)
    _, status, used = os.wait4(child, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "out": out.read_text(errors="replace") if out.exists() else "",
        "err": err.read_text(errors="replace") if err.exists() else "",
        "events": noted.stat().st_size if noted.exists() else 0,
        "orphans": _orphans(child),
        "tmp": sorted(os.listdir(job["tmp"])),
        "copied": str(copied) if copied.exists() else None,
    }


def _strike(child: int, job: Job) -> None:
    """Waits until a process has used its share of a processor, and sends it its signal."""
    if job.get("cpu") is None:
        return
    ended = os.pidfd_open(child)
    while not select.select([ended], [], [], _POLL)[0]:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        if (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") >= job["cpu"]:
            signal.pidfd_send_signal(ended, getattr(signal, f"SIG{job['fate']}"))
            break
    os.close(ended)


NO_DISK = 71


def _on_its_disk(job: Job, out: Path, err: Path, noted: Path, copied: Path) -> int:
    """Runs a job; of one with a disk of its own what is left there is copied out."""
    disk = job.get("disk")
    if not disk:
        return _run(job, out, err, noted)
    try:
        _mount(disk)
    except OSError as error:
        err.write_text(f"{error}")
        return NO_DISK
    shutil.copytree(disk["seed"], disk["at"], dirs_exist_ok=True, symlinks=True)
    if not (child := os.fork()):
        os._exit(_run(job, out, err, noted))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    shutil.copytree(disk["at"], copied, symlinks=True)
    return code


def serve() -> None:
    """Answers until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            print(json.dumps(_answer(json.loads(line), Path(folder))), file=answers, flush=True)


if __name__ == "__main__":
    serve()
