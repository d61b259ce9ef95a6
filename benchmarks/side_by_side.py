"""IMDB to a served model: this package and Keras' TextVectorization, whole processes in turn.

python benchmarks/side_by_side.py --train imdb-train.parquet --test imdb-test.parquet

Prints a table: lines of the script that is run, seconds and CPU seconds of the process from its
start to its end, imports included, and the accuracy of the test set.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tables import machine_facts, render

_SCRIPTS = Path(__file__).parent / "side_by_side"
_COLUMNS = ["with", "lines", "seconds", "CPU s", "accuracy"]


@dataclass(frozen=True)
class Ended:
    """A process that has ended.

    Attributes:
      seconds, cpu: wall clock, and of all its threads and children.
      accuracy: of the test set, as it printed.
    """

    seconds: float
    cpu: float
    accuracy: float


def run(script: Path, train: Path, test: Path, epochs: int) -> Ended:
    """Runs a script to its end; what it writes is deleted."""
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as output:
        before, start = _cpu(), time.monotonic()
        command = [sys.executable, str(script), str(train), str(test), output, str(epochs)]
        ended = subprocess.run(command, capture_output=True, text=True)
        seconds, cpu = time.monotonic() - start, _cpu() - before
    if ended.returncode:
        raise RuntimeError(f"{script.name} failed with {ended.returncode}:\n{ended.stderr}")
    [accuracy] = [line for line in ended.stdout.splitlines() if line.startswith("accuracy ")]
    return Ended(seconds, cpu, float(accuracy.split()[1]))


def _cpu() -> float:
    """CPU seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lines_of(script: Path) -> int:
    """Lines that are neither empty nor the docstring at its head."""
    lines = script.read_text(encoding="utf-8").splitlines()[1:]
    return sum(bool(line.strip()) for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="Parquet: text, label")
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()

    scripts = sorted(_SCRIPTS.glob("with_*.py"))
    runs: dict[Path, list[Ended]] = {script: [] for script in scripts}
    for number in range(given.runs):
        for script in scripts:
            print(f"run {number + 1} of {given.runs}: {script.name}", file=sys.stderr)
            runs[script].append(run(script, given.train, given.test, given.epochs))
    print(f"{machine_facts()}; {given.epochs} epochs; medians of {given.runs}\n")
    print(render(_COLUMNS, [_row(script, ended) for script, ended in runs.items()], markdown=True))


def _row(script: Path, ended: list[Ended]) -> list[str]:
    return [
        script.name,
        str(lines_of(script)),
        f"{median(each.seconds for each in ended):.0f}",
        f"{median(each.cpu for each in ended):.0f}",
        f"{median(each.accuracy for each in ended):.3f}",
    ]


if __name__ == "__main__":
    main()
