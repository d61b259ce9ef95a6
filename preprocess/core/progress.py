"""What has been done so far, shown while it is done.

Beam's metrics come only at the end of a run. Its local workers, which may be processes of their
own, write their counts into a folder, and the launcher adds them up.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.status import Status

_WRITE_EVERY = 0.3  # seconds
_SHOW_EVERY = 0.5
_PRINT_EVERY = 5.0

StageCounts = dict[str, tuple[int, int]]


class Watch(Protocol):
    """Counts what is done, from any thread."""

    def add(self, stage: str, rows: int, bytes: int) -> None:
        """Adds documents and bytes to what `stage` has done."""

    def counts(self) -> StageCounts:
        """Documents and bytes by stage."""


class ProcessCounts:
    """What this process has done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: StageCounts = {}

    def add(self, stage: str, rows: int, bytes: int) -> None:
        """Adds documents and bytes to what `stage` has done."""
        with self._lock:
            before = self._counts.get(stage, (0, 0))
            self._counts[stage] = (before[0] + rows, before[1] + bytes)
            self._added()

    def counts(self) -> StageCounts:
        """Documents and bytes by stage."""
        with self._lock:
            return dict(self._counts)

    def _added(self) -> None:
        """Called after every addition, by one thread at a time."""


@dataclass(frozen=True)
class Progress:
    """Handed to the workers; `add` may be called from any thread of any local process.

    Attributes:
      folder: where counts are exchanged.
      only_stage: the stage that is counted whatever stage `add` names; None: that of `add`.
    """

    folder: str
    only_stage: str | None = None

    def add(self, stage: str, rows: int, bytes: int) -> None:
        """Adds documents and bytes to what `stage` has done."""
        _counter(self.folder).add(self.only_stage or stage, rows, bytes)

    def of_stage(self, stage: str) -> Progress:
        """Progress for a pass of its own, whose work all counts as `stage`."""
        return replace(self, only_stage=stage)

    def counts(self) -> StageCounts:
        """Documents and bytes by stage, over all processes."""
        total: StageCounts = {}
        for path in Path(self.folder).glob("*.json"):
            for stage, (rows, size) in json.loads(path.read_text()).items():
                before = total.get(stage, (0, 0))
                total[stage] = (before[0] + rows, before[1] + size)
        return total


class _Counter(ProcessCounts):
    """What this process has done, written where others see it."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        Path(folder).mkdir(parents=True, exist_ok=True)
        self._path = Path(folder) / f"{os.getpid()}.json"
        self._written = 0.0

    def _added(self) -> None:
        if time.monotonic() - self._written > _WRITE_EVERY:
            temporary = self._path.with_suffix(".tmp")
            temporary.write_text(json.dumps(self._counts))
            temporary.replace(self._path)  # a reader never sees half of it
            self._written = time.monotonic()


_counters: dict[str, _Counter] = {}
_counters_lock = threading.Lock()


def _counter(folder: str) -> _Counter:
    with _counters_lock:
        if folder not in _counters:
            _counters[folder] = _Counter(folder)
        return _counters[folder]


@contextmanager
def watched(title: str) -> Iterator[ProcessCounts]:
    """Shows the progress of this process while the block runs; see `shown`."""
    counts = ProcessCounts()
    with shown(title, counts):
        yield counts


@contextmanager
def shown(title: str, watch: Watch) -> Iterator[None]:
    """Shows what `watch` counts on standard error while the block runs.

    A line that changes on a terminal, a line every few seconds elsewhere.
    """
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(title, watch, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(title: str, progress: Watch, done: threading.Event) -> None:
    console, start = Console(stderr=True), time.monotonic()
    if console.is_terminal:
        with Status(title, console=console) as status:
            while not done.wait(_SHOW_EVERY):
                status.update(_line(title, progress.counts(), time.monotonic() - start))
    else:
        while not done.wait(_PRINT_EVERY):
            line = _line(title, progress.counts(), time.monotonic() - start)
            print(line, file=sys.stderr, flush=True)


def _line(title: str, counts: StageCounts, seconds: float) -> str:
    """One line, such as `build: read 12,000 documents, 15.1 MB, 7.5 MB/s; write 9,000 ...`."""
    stages = [f"{stage} {_rate(rows, size, seconds)}" for stage, (rows, size) in counts.items()]
    return f"{title}: {'; '.join(stages) or 'starting'} ({seconds:.0f} s)"


def _rate(rows: int, size: int, seconds: float) -> str:
    if not size:  # of a stage that does not see the bytes
        return f"{rows:,} documents, {rows / seconds:,.0f} a second"
    return f"{rows:,} documents, {size / 1e6:,.1f} MB, {size / 1e6 / seconds:,.1f} MB/s"
