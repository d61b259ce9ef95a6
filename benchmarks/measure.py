"""Whole processes, and what they measured: from the start of Python to its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile

from peers import Peer
from peers.job import Job

_HERE = Path(__file__).parent
_LINES_OF_ERROR = 15
_BYTES_PER_KIB = 1024  # ru_maxrss counts KiB on Linux


@dataclass(frozen=True)
class Case:
    """What one process is to do.

    Attributes:
      peer: by whom it is done.
      train, test: Parquet files with the columns `text` and `label`.
    """

    peer: Peer
    train: Path
    test: Path


@dataclass(frozen=True)
class Usage:
    """What a process and those that it waited for have used.

    Attributes:
      seconds: wall clock.
      cpu: seconds of all threads.
      peak: bytes of resident memory of the largest of the processes.
    """

    seconds: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Content:
    """What a peer wrote: equal for peers that did the same job.

    Attributes:
      records: over all splits.
      tokens: ids that are not padding.
      bytes: of the files.
    """

    records: int
    tokens: int
    bytes: int


@dataclass
class Result:
    """The runs of one case, and what the first of them wrote."""

    case: Case
    runs: list[Usage] = field(default_factory=list)
    written: Content = Content(0, 0, 0)

    def median(self, value: str) -> float:
        """The median of an attribute of `Usage`."""
        return median(getattr(run, value) for run in self.runs)

    def least(self, value: str) -> float:
        """The least of an attribute of `Usage`."""
        return min(getattr(run, value) for run in self.runs)


def available(peers: Iterable[Peer]) -> tuple[list[Peer], list[str]]:
    """The peers whose packages are installed, and why others were left out."""
    found, missing = [], []
    for peer in peers:
        if peer.needs and find_spec(peer.needs) is None:
            remedy = "pip install 'text2seq[bench]'"
            missing.append(f"{peer.name}: left out, as {peer.needs} is not installed; {remedy}")
        else:
            found.append(peer)
    return found, missing


def interleaved(cases: Sequence[Case], runs: int, tell: Callable[[str], None]) -> list[Result]:
    """Runs A B C A B C, so that a machine that slows down does so for all."""
    results = [Result(case) for case in cases]
    for number in range(runs):
        for result in results:
            tell(f"run {number + 1} of {runs}: {result.case.peer.name}")
            _run(result)
    return results


def _run(result: Result) -> None:
    """One run in a process of its own, whose output is deleted."""
    case = result.case
    with TemporaryDirectory(prefix="build-speed-") as folder:
        output = Path(folder) / "output"
        result.runs.append(process(case.peer.command(Job(case.train, case.test, output))))
        if len(result.runs) == 1:
            counted = [sys.executable, "-m", "peers.count", str(output)]
            result.written = Content(**json.loads(subprocess.check_output(counted, cwd=_HERE)))


def process(command: Sequence[str]) -> Usage:
    """Runs a command to its end.

    Raises:
      RuntimeError: it failed.
    """
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    with TemporaryFile("w+") as told:
        start = time.perf_counter()
        started = subprocess.Popen(
            command, cwd=_HERE, env=environment, stdout=subprocess.DEVNULL, stderr=told
        )
        _, status, usage = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - start
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            told.seek(0)
            error = "\n".join(told.read().splitlines()[-_LINES_OF_ERROR:])
            raise RuntimeError(f"{' '.join(command)} failed with {started.returncode}:\n{error}")
    return Usage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _BYTES_PER_KIB)


def disagreements(results: Sequence[Result]) -> list[str]:
    """The peers that did not write as many records and tokens as the first."""
    first, *others = [(result.case.peer.name, result.written) for result in results]
    return [
        f"{name}: wrote {run.records:,} records with {run.tokens:,} tokens, {first[0]} "
        f"{first[1].records:,} with {first[1].tokens:,}: not the same job"
        for name, run in others
        if (run.records, run.tokens) != (first[1].records, first[1].tokens)
    ]
