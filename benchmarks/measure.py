"""Runs of peers, each in a fresh process, and what they measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from peers import Peer

_HERE = Path(__file__).parent
_LINES_OF_ERROR = 15


class MissingPackageError(Exception):
    """A peer's package is not installed."""


@dataclass(frozen=True)
class Case:
    """What one process is to do.

    Attributes:
      peer: by whom it is done.
      train, test: Parquet files with the columns `text` and `label`.
      beam_options: for the peers that run on Beam.
    """

    peer: Peer
    train: Path
    test: Path
    beam_options: Sequence[str] = ()


@dataclass(frozen=True)
class Run:
    """One process.

    Attributes:
      seconds, cpu: of the work alone, imports not counted; wall clock, and of all threads.
      before: peak of resident memory after the imports, bytes.
      peak: peak of resident memory at the end, bytes.
      records, tokens, bytes: what was written, if that was counted.
    """

    seconds: float
    cpu: float
    before: int
    peak: int
    records: int = 0
    tokens: int = 0
    bytes: int = 0


@dataclass
class Result:
    """The runs of one case."""

    case: Case
    runs: list[Run] = field(default_factory=list)

    def median(self, value: str) -> float:
        """The median of an attribute of `Run`."""
        return median(getattr(run, value) for run in self.runs)

    @property
    def written(self) -> Run:
        """The run whose output was counted."""
        return self.runs[0]


def interleaved(
    cases: Sequence[Case], runs: int, tell: Callable[[str], None]
) -> tuple[list[Result], list[str]]:
    """Runs A B C A B C, so that a machine that slows down does so for all.

    Returns:
      The results in the order of the cases, and why the cases that are not there were left out.
    """
    results = [Result(case) for case in cases]
    missing = []
    for number in range(runs):
        for result in list(results):
            tell(f"run {number + 1} of {runs}: {result.case.peer.name}")
            try:
                result.runs.append(run(result.case, check=number == 0))
            except MissingPackageError as error:
                results.remove(result)
                missing.append(str(error))
    return results, missing


def run(case: Case, check: bool = False) -> Run:
    """One run in a process of its own; its output is deleted.

    Args:
      case: what to do.
      check: whether to count what was written.

    Raises:
      MissingPackageError: the package of the peer is not installed.
      RuntimeError: the peer failed, or what text2seq itself needs is not installed.
    """
    with TemporaryDirectory(prefix="build-speed-") as folder:
        job = {
            "train": str(case.train),
            "test": str(case.test),
            "output": f"{folder}/output",
            "beam_options": list(case.beam_options),
            "check": check,
        }
        measured = json.loads(_worker(case.peer, json.dumps(job)))
    if missing := measured.get("missing"):
        raise _left_out(case.peer, missing)
    return Run(**measured)


def _left_out(peer: Peer, missing: str) -> Exception:
    if missing != peer.needs:
        return RuntimeError(f"{peer.name}: {missing} is not installed; pip install -e .")
    remedy = "pip install 'text2seq[bench]'"
    return MissingPackageError(f"{peer.name}: left out, as {missing} is not installed; {remedy}")


def _worker(peer: Peer, job: str) -> str:
    """The last line that the process printed."""
    command = [sys.executable, "-m", "peers.worker", peer.module, job]
    done = subprocess.run(command, cwd=_HERE, capture_output=True, text=True)
    if done.returncode:
        error = "\n".join(done.stderr.splitlines()[-_LINES_OF_ERROR:])
        raise RuntimeError(f"{peer.name} failed with {done.returncode}:\n{error}")
    return done.stdout.splitlines()[-1]


def disagreements(results: Iterable[Result]) -> list[str]:
    """The peers that did not write as many records and tokens as the first."""
    first, *others = [(result.case.peer.name, result.written) for result in results]
    return [
        f"{name}: wrote {run.records:,} records with {run.tokens:,} tokens, {first[0]} "
        f"{first[1].records:,} with {first[1].tokens:,}: not the same job"
        for name, run in others
        if (run.records, run.tokens) != (first[1].records, first[1].tokens)
    ]
