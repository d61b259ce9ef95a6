"""Signals end a command with one line, and nothing that it had begun is left."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from processes import run_python

LINE = "text2seq: error: interrupted; run the same command again\n"
# Busy in the main thread and in another, with a child that has a child of its own.
BUSY = """
import os, signal, subprocess, sys, threading
from preprocess.cli.interrupts import end_on_signals
from preprocess.core.output import FolderKind, claimed
number, out, ignored = signal.Signals(int(sys.argv[1])), sys.argv[2], sys.argv[3] == "ignored"
# As a shell's job in the background finds it; and SIGHUP as `nohup` leaves it.
is_met = number != signal.SIGINT and not ignored
signal.signal(number, signal.SIG_DFL if is_met else signal.SIG_IGN)
end_on_signals()

def write(folder):
    n = 0
    while True:
        n += 1
        os.makedirs(f"{folder.new}/{n % 7}", exist_ok=True)
        open(f"{folder.new}/{n % 7}/{n % 31}", "w").close()

kind = FolderKind("artifact", "text2seq build", "build", "manifest.json", ("examples",))
with claimed(out, kind, overwrite=False) as folder:
    threading.Thread(target=write, args=(folder,), daemon=True).start()
    if ignored:
        os.kill(os.getpid(), number)
        os._exit(0)
    child = subprocess.Popen(["sh", "-c", "sleep 1000 & echo $!; wait"], stdout=subprocess.PIPE)
    print(child.pid, int(child.stdout.readline()), flush=True)
    os.kill(os.getpid(), number)
    try:
        threading.Event().wait()
    finally:
        print("unwound", flush=True)
"""


def _run(number: signal.Signals, out: Path, ignored: bool = False):  # type: ignore[no-untyped-def]
    told = "ignored" if ignored else "met"
    return run_python("-c", BUSY, str(int(number)), out, told, check=False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    ended = _run(number, tmp_path / "out")
    assert (ended.returncode, ended.stderr) == (128 + number, LINE)
    assert os.listdir(tmp_path / "out") == [".text2seq"]
    assert (tmp_path / "out/.text2seq").read_text().count("\n") == 1
    assert len(ended.stdout.splitlines()) == 1
    assert [pid for pid in ended.stdout.split() if _runs(pid)] == []


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_a_hangup_that_is_ignored_stays_so(tmp_path: Path) -> None:
    ended = _run(signal.SIGHUP, tmp_path / "out", ignored=True)
    assert (ended.returncode, ended.stderr) == (0, "")


SWAPPING = """
import os, signal, sys, threading
from preprocess.cli.interrupts import end_on_signals
from preprocess.core.output.leftovers import clearing, undivided
end_on_signals()
done = open(sys.argv[1], "a", buffering=1)
with clearing(lambda: done.write("cleared\\n")), undivided():
    os.kill(os.getpid(), signal.SIGTERM)
    for step in range(200_000):
        pass
    done.write("swapped\\n")
    begun = threading.Event()
begun.wait()
"""


def test_a_swap_is_not_divided(tmp_path: Path) -> None:
    ended = run_python("-c", SWAPPING, tmp_path / "done", check=False)
    assert ended.returncode == 128 + signal.SIGTERM
    assert (tmp_path / "done").read_text().split()[0] == "swapped"


LOST = """
import os, signal, sys, threading
from preprocess.cli.interrupts import end_on_signals
if sys.argv[1] == "closed pipe":
    reader, writer = os.pipe()
    os.close(reader)
elif sys.argv[1] == "full":
    writer = os.open("/dev/full", os.O_WRONLY)
else:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
os.dup2(writer, 2)
end_on_signals()
os.kill(os.getpid(), signal.SIGTERM)
threading.Event().wait()
"""


@pytest.mark.parametrize("stderr", ["closed pipe", "full", "a pipe that nobody reads"])
def test_nobody_has_to_read_the_message(stderr: str) -> None:
    assert run_python("-c", LOST, stderr, check=False).returncode == 128 + signal.SIGTERM


RESULTS = """
import os, signal, sys
from preprocess import cli
def run(arguments):
    os.kill(os.getpid(), signal.SIGINT)
    while not cli.interrupts._interrupted.is_set():
        pass
    return 2
cli.command_line.run = run
import preprocess.cli.command_line as module
module.run = run
cli.main()
"""


def test_what_a_command_makes_of_an_interrupt_is_no_result() -> None:
    assert run_python("-c", RESULTS, check=False).returncode == 128 + signal.SIGINT


def test_a_worker_without_its_launcher_ends() -> None:
    ended = run_python("-m", "beam_jobs.runtime.local_worker", "1")
    assert (ended.stdout, ended.stderr) == ("", "")


LAUNCHER = """
import os, signal, subprocess, sys
from types import SimpleNamespace
from beam_jobs.runtime import local_worker

def work(_):
    print("works", flush=True)
    signal.pause()

if len(sys.argv) > 1:
    local_worker.sdk_worker_main = SimpleNamespace(main=work)
    local_worker.main()
else:
    command = [sys.executable, "-c", os.environ["CODE"], str(os.getpid())]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"works\\n"
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_worker_ends_with_its_launcher() -> None:
    # The worker holds our pipe to standard error: this returns when it has ended, too.
    ended = run_python("-c", LAUNCHER, check=False, env={**os.environ, "CODE": LAUNCHER})
    assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, "")
