"""How long a mistake waits for its answer: CPU and wall seconds of whole processes.

    PYTHONPATH=tests/support python benchmarks/quick_answers.py

The mistakes are those of `tests/support/quick_mistakes.py`, on a file of ten rows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quick_mistakes import MISTAKES, written


def measure(arguments: list[str], folder: Path) -> tuple[float, float]:
    """CPU and wall seconds of one command."""
    start, before = time.monotonic(), os.times()
    command = [sys.executable, "-m", "preprocess.cli", *arguments]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    after = os.times()
    cpu = after.children_user + after.children_system
    return cpu - before.children_user - before.children_system, time.monotonic() - start


def main() -> None:
    """Prints a line for each mistake, the slowest first."""
    with tempfile.TemporaryDirectory() as name:
        folder = written(Path(name))
        found = {mistake: measure(MISTAKES[mistake][0], folder) for mistake in MISTAKES}
    for mistake, (cpu, wall) in sorted(found.items(), key=lambda item: -item[1][0]):
        print(f"{cpu:5.2f} s CPU  {wall:5.2f} s  {mistake}")


if __name__ == "__main__":
    main()
