"""What has been done so far.

Beam's metrics come only at the end of a run. Its local workers, which may be processes of their
own, write their counts into a folder, and the launcher adds them up.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

_WRITE_EVERY = 0.3  # seconds

StageCounts = dict[str, tuple[int, int]]


class Watch(Protocol):
    """Counts what is done, from any thread."""

    def add(self, stage: str, rows: int, bytes: int) -> None:
        """Adds documents and bytes to what `stage` has done."""

    def counts(self) -> StageCounts:
        """Documents and bytes by stage."""


class ProcessCounts:
    """What this process has done.

    Attributes:
      totals: by stage, how many documents it will be, where that is known.
      part: what is being done, where it has parts, such as "epoch 2 of 3".
    """

    def __init__(self, totals: Mapping[str, int] | None = None) -> None:
        self.totals = dict(totals or {})
        self.part = ""
        self._lock = threading.Lock()
        self._counts: StageCounts = {}

    def begin(self, part: str, totals: Mapping[str, int]) -> None:
        """Counts from nothing, for another part."""
        with self._lock:
            self.part, self.totals, self._counts = part, dict(totals), {}

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
