"""Damage to any file of an artifact or a model is found by each command, or changes nothing."""

from __future__ import annotations

import pytest
from damage import KINDS, Subject, Tally, damage, subjects

# Enough to see each way of reading; `every` leaves out files, most of which are read alike.
FEW = ("deleted", "a byte flipped", "a folder")


@pytest.fixture(scope="module", params=["artifact", "model"])
def subject(request: pytest.FixtureRequest, made: list[Subject]) -> Subject:
    return next(each for each in made if each.what == request.param)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Subject]:
    return subjects(tmp_path_factory.mktemp("damage"))


@pytest.mark.slow
def test_some_damage(subject: Subject) -> None:
    tally = Tally()
    damage(subject, FEW, tally, every=5)
    assert tally.bad == []
    assert {command for _, command, outcome in tally.counts if outcome == "found"} == set(
        subject.runs
    )


@pytest.mark.long
def test_all_damage(subject: Subject) -> None:
    tally = Tally()
    damage(subject, KINDS, tally)
    assert tally.bad == []
    assert sum(tally.counts.values()) == len(subject.runs) * len(KINDS) * len(subject.names)
