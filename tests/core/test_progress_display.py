"""What is shown of progress: on a terminal, in a notebook, and line by line."""

from __future__ import annotations

import sys
import threading
from types import ModuleType, SimpleNamespace

import pytest
from processes import LIMIT, run_python

from preprocess.core import progress_display as module
from preprocess.core.progress import ProcessCounts
from preprocess.core.progress_display import _done, _line, watched

LINES = {
    "nothing yet": ({}, {}, 3.2, "build: starting (3 s)"),
    "one stage": (
        {"read": (12_000, 15_100_000)},
        {},
        2.0,
        "build: 12,000 documents read, 15.1 MB, 7.5 MB/s (2 s)",
    ),
    "two stages": (
        {"read": (1_000, 2_000_000_000), "written": (500, 0)},
        {},
        100.0,
        "build: 1,000 documents read, 2,000.0 MB, 20.0 MB/s; "
        "500 documents written, 5 a second (100 s)",
    ),
    "a total": (
        {"answered": (3_332, 0)},
        {"answered": 25_000},
        4.0,
        "build: 3,332 of 25,000 documents answered, 833 a second (4 s)",
    ),
    "files": (
        {"hashed": (48, 2_000_000)},
        {},
        2.0,
        "build: 48 files hashed, 2.0 MB, 1.0 MB/s (2 s)",
    ),
    "more than was expected": (
        {"answered": (5, 0)},
        {"answered": 4},
        1.0,
        "build: 5 documents answered, 5 a second (1 s)",
    ),
}


@pytest.mark.parametrize(("counts", "totals", "seconds", "line"), LINES.values(), ids=LINES)
def test_line(counts: dict, totals: dict, seconds: float, line: str) -> None:
    assert _line("build", counts, totals, dict.fromkeys(counts, seconds), seconds) == line


@pytest.mark.parametrize(
    ("rows", "totals", "done"), [(2, {"a": 8}, 0.25), (9, {"a": 8}, 1.0), (1, {}, None)]
)
def test_how_much_is_done(rows: int, totals: dict, done: float | None) -> None:
    assert _done({"a": (rows, 0)}, totals) == done


def test_a_stage_that_has_ended_keeps_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=100.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(module, "time", clock)
    watch = ProcessCounts()
    lines = module._Lines("report", watch)
    watch.add("answered", 20, 0)
    clock.now = 102.0
    assert lines.next()[0] == "report: 20 documents answered, 10 a second (2 s)"
    watch.add("read again", 40, 0)
    clock.now = 106.0
    assert lines.next()[0] == (
        "report: 20 documents answered, 10 a second; 40 documents read again, 10 a second (6 s)"
    )
    watch.begin("part 2", {})
    watch.add("answered", 3, 0)
    clock.now = 107.0
    assert lines.next()[0] == "report, part 2: 3 documents answered, 3 a second (7 s)"


def test_lines_go_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(module._Printer, "every", 0.01)
    seen = threading.Event()
    monkeypatch.setattr(module, "_line", lambda *_: (seen.set(), "a line")[1])
    with watched("verify"):
        assert seen.wait(LIMIT)
    out, err = capsys.readouterr()
    assert out == ""
    assert set(err.splitlines()) == {"a line"}


def test_counts_of_one_process_need_no_files() -> None:
    with watched("verify") as first, watched("evaluate") as second:
        first.add("answered", 2, 10)
        first.add("answered", 1, 5)
        second.add("evaluate", 4, 0)
    assert first.counts() == {"answered": (3, 15)}
    assert second.counts() == {"evaluate": (4, 0)}


def test_the_clock_starts_with_the_process() -> None:
    code = (
        "import time; time.sleep(0.3)\n"
        "from preprocess.core import progress_display as p\n"
        "p.start_clock_with_process(); print(time.monotonic() - p._clock)"
    )
    assert 0.3 <= float(run_python("-c", code).stdout) < LIMIT


def test_a_bar_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    counted = threading.Event()

    def update(html: str) -> None:
        shown.append(html)
        if "1 of 4 documents answered" in html:
            counted.set()

    handle = SimpleNamespace(update=update)

    def display(html: str, display_id: bool) -> SimpleNamespace:
        assert display_id
        shown.append(html)
        return handle

    ipython, drawing = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    drawing.HTML, drawing.display = str, display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", drawing)
    monkeypatch.setattr(module._Bar, "every", 0.01)
    with watched("evaluate <a>", {"answered": 4}) as watch:
        watch.add("answered", 1, 0)
        assert counted.wait(LIMIT)
    assert shown[0] == "<progress></progress> evaluate &lt;a&gt;"
    assert any(html.startswith('<progress value="0.250"></progress>') for html in shown)
    assert shown[-1].startswith('<progress value="1.000"></progress>')
