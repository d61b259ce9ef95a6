"""Progress: counts of threads and processes add up."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from processes import run_python

from preprocess.core import progress as module
from preprocess.core.progress import ProcessCounts, Progress

OTHER = "from preprocess.core.progress import Progress; Progress({!r}).add('read', 5, 100)"


def test_counts_of_two_processes_add_up(tmp_path: Path) -> None:
    progress = Progress(str(tmp_path))
    progress.add("read", 2, 10)
    run_python("-c", OTHER.format(str(tmp_path)))
    assert progress.counts() == {"read": (7, 110)}


def test_stages_are_counted_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WRITE_EVERY", -1)
    progress = Progress(str(tmp_path))
    progress.add("read", 2, 10)
    progress.add("write", 1, 4)
    progress.add("read", 3, 5)
    assert progress.counts() == {"read": (5, 15), "write": (1, 4)}


def test_a_pass_of_its_own_is_one_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WRITE_EVERY", -1)
    progress = Progress(str(tmp_path))
    of_stage = pickle.loads(pickle.dumps(progress.of_stage("train")))
    of_stage.add("read", 3, 10)
    of_stage.add("write", 1, 5)
    assert progress.counts() == {"train": (4, 15)}


def test_threads_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WRITE_EVERY", -1)
    progress = Progress(str(tmp_path))
    threads = [
        threading.Thread(target=lambda: [progress.add("read", 1, 2) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.counts() == {"read": (200, 400)}


def test_counts_are_not_written_at_every_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(module, "time", clock)
    progress, seen = Progress(str(tmp_path)), []
    for seconds in (100.0, 100.1, 100.2, 101.0):
        clock.now = seconds
        progress.add("read", 1, 1)
        seen.append(progress.counts()["read"])
    assert seen == [(1, 1), (1, 1), (1, 1), (4, 4)]


def test_pickles(tmp_path: Path) -> None:
    progress = Progress(str(tmp_path))
    progress.add("read", 1, 1)
    copy = pickle.loads(pickle.dumps(progress))
    assert copy == progress
    assert copy.counts() == {"read": (1, 1)}


def test_a_part_counts_from_nothing() -> None:
    counts = ProcessCounts({"answered": 3})
    counts.add("answered", 2, 10)
    counts.begin("epoch 2 of 3", {"trained on": 7})
    counts.add("trained on", 1, 0)
    assert (counts.part, counts.totals) == ("epoch 2 of 3", {"trained on": 7})
    assert counts.counts() == {"trained on": (1, 0)}
