"""Shows what has been done while it is done: on a terminal, in a notebook, or line by line."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.status import Status

from preprocess.core.progress import ProcessCounts, StageCounts, Watch

_SHOW_EVERY = 0.5  # seconds
_PRINT_EVERY = 5.0
_UNITS = {"hashed": "files", "trained on": "batches", "validated": "batches"}

_clock: float | None = None


class _Display(Protocol):
    every: float

    def show(self, line: str, done: float | None) -> None:
        """Shows a line, and how much of all is done, where that is known."""

    def close(self) -> None:
        """Leaves the place as one finds it."""


def start_clock_with_process() -> None:
    """Has all lines say the seconds since this process was started, imports included."""
    global _clock
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    _clock = time.monotonic() - age


@contextmanager
def watched(title: str, totals: Mapping[str, int] | None = None) -> Iterator[ProcessCounts]:
    """Shows the progress of this process while the block runs; see `shown`.

    Args:
      title: what is done.
      totals: by stage, how many documents it will be, where that is known.
    """
    counts = ProcessCounts(totals)
    with shown(title, counts):
        yield counts


@contextmanager
def shown(title: str, watch: Watch) -> Iterator[None]:
    """Shows what `watch` counts while the block runs.

    A bar in a notebook, a line that changes on a terminal, a line every few seconds elsewhere, the
    latter two on standard error.
    """
    done, display = threading.Event(), _display(title)
    lines = _Lines(title, watch)
    watcher = threading.Thread(target=_watch, args=(lines, display, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        display.close()


def _watch(lines: _Lines, display: _Display, done: threading.Event) -> None:
    while not done.wait(display.every):
        display.show(*lines.next())


class _Lines:
    """The lines that say what a watch counts."""

    def __init__(self, title: str, watch: Watch) -> None:
        self._title, self._watch = title, watch
        self._start = self._looked = time.monotonic()
        self._part = ""
        self._worked: dict[str, tuple[tuple[int, int], float, float]] = {}

    def next(self) -> tuple[str, float | None]:
        """The line for now, and how much of all is done."""
        now, counts = time.monotonic(), self._watch.counts()
        part, totals = getattr(self._watch, "part", ""), getattr(self._watch, "totals", {})
        if part != self._part:
            self._part, self._worked = part, {}
        self._note(counts, now)
        title = f"{self._title}, {part}" if part else self._title
        elapsed = now - (self._start if _clock is None else _clock)
        return (
            _line(title, counts, totals, self._seconds(), elapsed),
            _done(counts, totals),
        )

    def _note(self, counts: StageCounts, now: float) -> None:
        """Notes when each stage was first and last seen at work."""
        for stage, count in counts.items():
            before, begun, _ = self._worked.get(stage, (None, self._looked, now))
            if count != before:
                self._worked[stage] = count, begun, now
        self._looked = now

    def _seconds(self) -> dict[str, float]:
        return {stage: end - begun for stage, (_, begun, end) in self._worked.items()}


def _line(
    title: str,
    counts: StageCounts,
    totals: Mapping[str, int],
    seconds: Mapping[str, float],
    elapsed: float,
) -> str:
    """One line, such as `build: 12,000 documents read, 15.1 MB, 7.5 MB/s; 9,000 ... (3 s)`."""
    stages = [
        _stage(stage, rows, size, totals.get(stage), seconds[stage])
        for stage, (rows, size) in counts.items()
    ]
    return f"{title}: {'; '.join(stages) or 'starting'} ({elapsed:.0f} s)"


def _stage(stage: str, rows: int, size: int, total: int | None, seconds: float) -> str:
    of = f" of {total:,}" if total and rows <= total else ""
    done = f"{rows:,}{of} {_UNITS.get(stage, 'documents')} {stage}"
    if not size:  # of a stage that does not see the bytes
        return f"{done}, {rows / seconds:,.0f} a second"
    return f"{done}, {size / 1e6:,.1f} MB, {size / 1e6 / seconds:,.1f} MB/s"


def _done(counts: StageCounts, totals: Mapping[str, int]) -> float | None:
    """How much of the stage that has a total is done, 0 to 1."""
    for stage, total in totals.items():
        if total:
            return min(1.0, counts.get(stage, (0, 0))[0] / total)
    return None


def _display(title: str) -> _Display:
    if _is_notebook():
        return _Bar(title)
    console = Console(stderr=True)
    return _Spinner(title, console) if console.is_terminal else _Printer()


def _is_notebook() -> bool:
    ipython: Any = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class _Printer:
    every = _PRINT_EVERY

    def show(self, line: str, done: float | None) -> None:
        print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """There is nothing to clear away."""


class _Spinner:
    every = _SHOW_EVERY

    def __init__(self, title: str, console: Console) -> None:
        self._status = Status(title, console=console)
        self._status.start()

    def show(self, line: str, done: float | None) -> None:
        self._status.update(line)

    def close(self) -> None:
        self._status.stop()


class _Bar:
    """A bar below the cell of a notebook, and the line beside it."""

    every = _SHOW_EVERY

    def __init__(self, title: str) -> None:
        self._ipython: Any = import_module("IPython.display")
        self._line = title
        self._done: float | None = None
        # Here, as only the thread that runs a cell writes below it.
        self._handle = self._ipython.display(self._html(), display_id=True)

    def show(self, line: str, done: float | None) -> None:
        self._line, self._done = line, done
        self._handle.update(self._html())

    def close(self) -> None:
        self._done = 1.0
        self._handle.update(self._html())

    def _html(self) -> Any:
        value = "" if self._done is None else f' value="{self._done:.3f}"'
        return self._ipython.HTML(f"<progress{value}></progress> {escape(self._line)}")
