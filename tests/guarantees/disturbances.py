"""Kills, interrupts and full disks: what is left of them, and whether the next run is right.

    PYTHONPATH=tests/support python tests/guarantees/disturbances.py

prints how many of each were tried, and what came of them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from commands import MODES, Ended, Workshop, alike, contents
from forks import NO_DISK

from preprocess.artifact.layout import ARTIFACT
from preprocess.core.output import settle
from preprocess.trained_model.model_layout import MODEL

INTERRUPTED = "text2seq: error: interrupted; run the same command again"
CODES = {"KILL": -9, "INT": 130, "TERM": 143}
# What a training that was cut short leaves for `--resume`.
STATE = ("checkpoints/", "logs/", "history.json", ".training/")


@dataclass
class Tally:
    """What was tried, and what came of it.

    Attributes:
      tried: by what was done to which command.
      late: those of them that came when the command had done its work.
      faults: a line for each promise that was broken.
    """

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, what: str, command: str, ended: Ended, faults: Sequence[str]) -> None:
        """Counts a trial."""
        self.tried[what, command] += 1
        self.late[what, command] += ended.code == 0
        self.faults += [f"{what}: {command}: {fault}" for fault in faults]

    def table(self) -> str:
        """The counts in Markdown."""
        rows = ["| what | command | tried | late | broken promises |", f"|{' --- |' * 5}"]
        for (what, command), count in self.tried.items():
            broken = sum(line.startswith(f"{what}: {command}: ") for line in self.faults)
            late = self.late[what, command]
            rows.append(f"| {what} | {command} | {count} | {late} | {broken} |")
        return "\n".join([*rows, *self.faults])


Point = dict[str, float]


def spread(name: str, shop: Workshop, trials: int) -> Iterator[Point]:
    """Points of a run, in turn by what it has done to files and by what it has computed."""
    whole = shop.undisturbed(name)
    for n in range(trials):
        part = (2 * n + 1) / (2 * trials)
        if n % 2:
            yield {"at": 1 + int(part * whole.events)}
        else:
            yield {"cpu": part * whole.cpu}


def kill(shop: Workshop, name: str, point: Point) -> tuple[Ended, list[str]]:
    """Kills a command at a point, and runs it again."""
    out = shop.output(name)
    shop.prepare(name, out)
    before = contents(out)
    ended = shop.run(shop.commands[name].arguments(out), fate="KILL", **point)
    faults = ended.complaints()
    if ended.code not in (CODES["KILL"], 0):
        faults.append(f"exit code {ended.code}: {ended.err}")
    faults += _whole_at_any_time(shop, name, out, before)
    return ended, faults + ([] if ended.code == 0 else _rerun(shop, name, out))


def interrupt(
    shop: Workshop, name: str, point: Point, fate: str, options: Sequence[str] = ()
) -> Ended:
    """Interrupts a command at a point; see `judged`."""
    out = shop.output(name)
    shop.prepare(name, out)
    return shop.run([*shop.commands[name].arguments(out), *options], fate=fate, **point)


def judged(shop: Workshop, name: str, ended: Ended, fate: str) -> list[str]:
    """What is wrong with the end of a command that was interrupted, and with what is left."""
    out, faults = shop.output(name), ended.complaints()
    if ended.code == 0:  # it had done its work
        return faults
    if ended.code != CODES[fate]:
        faults.append(f"exit code {ended.code}: {ended.err}")
    if ended.errors != [INTERRUPTED] and not ended.err.rstrip().endswith(INTERRUPTED):
        faults.append(f"said {ended.err!r}")
    is_new = shop.made(name).exists() and alike(out, shop.made(name))  # just about to end
    return faults + ([] if is_new else _as_before(shop, name, out))


def fill(shop: Workshop, name: str, size: int) -> tuple[Ended, list[str]] | None:
    """Runs a command on a disk of `size` bytes beyond what is there; None if there can be none."""
    disk, out = shop.folder / "disk", shop.folder / "disk" / shop.output(name).name
    seed = shop.output(name).parent
    shop.prepare(name, shop.output(name))
    disk.mkdir(exist_ok=True)
    held = sum(p.stat().st_size + 4096 for p in seed.rglob("*"))
    asked = {"at": str(disk), "bytes": held + size, "seed": str(seed)}
    ended = shop.run(shop.commands[name].arguments(out), disk=asked)
    if ended.code == NO_DISK:
        return None
    faults = ended.complaints()
    if ended.code == 0:
        return ended, faults
    if ended.code != 2 or len(ended.errors) != 1:
        faults.append(f"exit code {ended.code}: {ended.err}")
    if "No space left" not in ended.err:
        faults.append(f"said {ended.err!r}")
    assert ended.copied
    return ended, faults + _as_before(shop, name, Path(ended.copied) / out.name)


def _as_before(shop: Workshop, name: str, out: Path) -> list[str]:
    """Nothing but what was there before is left, and what a training resumes from."""
    command = shop.commands[name]
    before = contents(shop.made(command.before)) if command.before else {}
    left = {n: h for n, h in contents(out).items() if not n.startswith(STATE) or n in before}
    faults = [] if left == before else [f"changed {sorted(left.items() ^ before.items())}"]
    beside = {path.name for path in out.parent.iterdir()} - {out.name}
    return faults + ([f"left beside it: {beside}"] if beside else [])


def _whole_at_any_time(shop: Workshop, name: str, out: Path, before: dict[str, str]) -> list[str]:
    """Whoever opens what was whole finds it so, or its successor."""
    if not before:
        return []
    if out.is_dir():
        settle(str(out), MODEL if name.startswith("train") else ARTIFACT)
    members = {n: h for n, h in contents(out).items() if not n.startswith((".work-", ".training/"))}
    is_old = members == before
    return [] if is_old or alike(out, shop.made(name)) else [f"neither old nor new: {members}"]


def _rerun(shop: Workshop, name: str, out: Path) -> list[str]:
    ended = shop.run(shop.commands[name].arguments(out, again=True))
    finished = ended.code == 2 and ("finished" in ended.err or "exists" in ended.err)
    faults = ended.complaints()
    if ended.code and not finished:
        faults.append(f"run again: exit code {ended.code}: {ended.err}")
    made = shop.made(name)
    if made.exists() and not alike(out, made):
        faults.append(f"run again: {sorted(contents(out))}, not {sorted(contents(made))}")
    beside = {path.name for path in out.parent.iterdir()} - {out.name}
    return faults + ([f"left beside it: {beside}"] if beside else [])


KILLS = {
    "build": 12,
    "overwrite": 12,
    "train": 8,
    "resume": 8,
    "train --overwrite": 8,
    "vectors --overwrite": 5,
    "dictionary": 4,
    "verify": 5,
}
INTERRUPTS = ["overwrite", "train", "train --overwrite", "vectors", "report", "dictionary"]
READERS = ["verify", "inspect", "evaluate", "predict"]
FULL = {"build": 10, "overwrite": 10, "train": 5, "vectors": 3, "report": 2, "dictionary": 3}


def kills(shop: Workshop, tally: Tally, trials: dict[str, int]) -> None:
    """Kills commands, each at some points."""
    for name, count in trials.items():
        for point in spread(name, shop, count):
            tally.add("killed", name, *kill(shop, name, point))


def interrupts(shop: Workshop, tally: Tally, names: Sequence[str], trials: int) -> None:
    """Interrupts commands by SIGINT and SIGTERM, each at some points, builds in each mode."""
    for name in names:
        modes = MODES if name == "overwrite" else {"": []}
        for mode, options in modes.items():
            for fate in ("INT", "TERM"):
                for point in spread(name, shop, trials):
                    ended = interrupt(shop, name, point, fate, options)
                    faults = judged(shop, name, ended, fate)
                    tally.add(f"SIG{fate}", f"{name} {mode}", ended, faults)


def full_disks(shop: Workshop, tally: Tally, trials: dict[str, int]) -> bool:
    """Runs commands on disks of several sizes that are too small; False if there can be none."""
    for name, count in trials.items():
        made = shop.made(name)
        needed = sum(p.stat().st_size for p in [made, *made.rglob("*")] if p.is_file())
        for n in range(count):
            filled = fill(shop, name, 4096 + n * needed // count)
            if filled is None:
                return False
            tally.add("disk full", name, *filled)
    return True


def main() -> int:
    """Tries everything, and prints what came of it."""
    tally = Tally()
    with TemporaryDirectory() as folder:
        shop = Workshop.of(Path(folder))
        kills(shop, tally, KILLS)
        interrupts(shop, tally, [*INTERRUPTS, *READERS], 2)
        if not full_disks(shop, tally, FULL):
            print("No disk of a chosen size can be made here.")
        shop.process.close()
    print(tally.table())
    return bool(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
