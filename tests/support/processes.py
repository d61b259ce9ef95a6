"""Processes of their own that tests start, and the one limit of whatever might hang."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Seconds. It ends what hangs, on any machine; nothing that works comes near it.
LIMIT = 600

Ended = subprocess.CompletedProcess[str]


def run_python(
    *arguments: str | Path,
    given: str = "",
    check: bool = True,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Ended:
    """Runs this Python with `arguments` to its end, and returns what it printed.

    Args:
      given: what it reads from standard input.
      check: fail the test, with what it said, unless it ends with 0.
      cwd: its working directory.
      env: its whole environment; None: as here.
    """
    ended = subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env,
        timeout=LIMIT,
    )
    assert ended.returncode == 0 or not check, f"exit code {ended.returncode}:\n{ended.stderr}"
    return ended


def run_block(language: str, code: str, cwd: Path) -> Ended:
    """Runs what a document prints, with the commands of this Python's environment on the path.

    Args:
      language: `sh` or `python`.
      cwd: the working directory.
    """
    found = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ended = subprocess.run(
        {"sh": ["bash", "-euo", "pipefail", "-c", code], "python": ["python", "-c", code]}[
            language
        ],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PATH": found, "PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=LIMIT,
    )
    assert ended.returncode == 0, f"exit code {ended.returncode}:\n{ended.stdout}{ended.stderr}"
    return ended


def run_in_each(
    environments: Iterable[Mapping[str, str]], *arguments: str | Path, given: str = ""
) -> list[str]:
    """What `run_python` prints in each of `environments`; the processes run side by side."""
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(run_python, *arguments, given=given, env=e) for e in environments]
        return [each.result().stdout for each in running]


class Conversation:
    """A Python process that answers lines with lines, until it is closed."""

    def __init__(self, *arguments: str | Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str) -> str:
        """Says a line, and waits for one."""
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> str:
        """Waits for a line."""
        assert self._process.stdout
        answer = self._process.stdout.readline()
        assert answer, "the process has ended"
        return answer

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()
