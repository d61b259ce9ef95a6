"""Kills, interrupts and full disks leave nothing half-done, and destroy nothing whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from commands import Workshop
from disturbances import (
    FULL,
    INTERRUPTS,
    KILLS,
    READERS,
    Tally,
    full_disks,
    interrupts,
    kills,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    made = Workshop.of(tmp_path_factory.mktemp("shop"))
    yield made
    made.process.close()


def test_a_kill(shop: Workshop) -> None:
    tally = Tally()
    kills(shop, tally, {"overwrite": 2, "resume": 1, "vectors --overwrite": 1})
    assert tally.faults == []


def test_an_interrupt(shop: Workshop) -> None:
    tally = Tally()
    interrupts(shop, tally, ["train --overwrite", "verify"], 1)
    assert tally.faults == []
    assert tally.late.total() < tally.tried.total()


def test_a_full_disk(shop: Workshop) -> None:
    tally = Tally()
    if not full_disks(shop, tally, {"overwrite": 1, "train": 1}):
        pytest.skip("no disk of a chosen size can be made here")
    assert tally.faults == []


@pytest.mark.long
@pytest.mark.parametrize("command", KILLS)
def test_kills(shop: Workshop, command: str) -> None:
    tally = Tally()
    kills(shop, tally, {command: KILLS[command]})
    assert tally.faults == []
    assert tally.late.total() < tally.tried.total()


@pytest.mark.long
@pytest.mark.parametrize("command", [*INTERRUPTS, *READERS])
def test_interrupts(shop: Workshop, command: str) -> None:
    tally = Tally()
    interrupts(shop, tally, [command], 2)
    assert tally.faults == []
    assert tally.late.total() < tally.tried.total()


@pytest.mark.long
@pytest.mark.parametrize("command", FULL)
def test_full_disks(shop: Workshop, command: str) -> None:
    tally = Tally()
    if not full_disks(shop, tally, {command: FULL[command]}):
        pytest.skip("no disk of a chosen size can be made here")
    assert tally.faults == []
