"""Random specs and rows: a build is exact, or refused in one line."""

from __future__ import annotations

import pytest
from in_process_server import answer_in_process
from random_builds import BUILT, REFUSED, outcomes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seeds", "built"),
    [(range(6), 2), pytest.param(range(6, 100), 40, marks=pytest.mark.long)],
    ids=["some", "many"],
)
def test_random_builds(monkeypatch: pytest.MonkeyPatch, seeds: range, built: int) -> None:
    answer_in_process(monkeypatch)
    counts = outcomes(seeds)
    assert counts.keys() <= {BUILT, REFUSED}
    assert counts[BUILT] >= built
