"""The commands that are disturbed, what they need, and what an undisturbed run of each leaves."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from processes import Conversation

SPEC = """
features: {text: {max_length: 12}}
labels: {label: {kind: binary}, topic: {kind: category}}
vocabularies: {words: {tokenizer: {kind: whitespace}}}
splits: {by: text, fractions: {train: 0.7, validation: 0.15, test: 0.15}}
keep: [id]
buckets: {count: 2}
rejects: {max_fraction: 0.1}
output: {shards: 2}
"""
MODEL = """
text: {embedding: {dim: 3}, encoder: {kind: lstm, units: 3}}
training: {epochs: 3, batch_size: 16}
"""
ROWS = 240
FORKS = Path(__file__).with_name("forks.py")
OUT = "OUT"

SUFFIXES = {"vectors": ".bin", "report": ".html", "dictionary": ".npz"}
# Running modes of a build.
MODES = {
    "in memory": ["--direct_num_workers=1"],
    "threads": ["--direct_num_workers=2"],
    "processes": ["--direct_num_workers=2", "--direct_running_mode=multi_processing"],
}


@dataclass(frozen=True)
class Command:
    """A command that is run and disturbed.

    Attributes:
      argv: its arguments; `OUT` is what it writes, if anything.
      before: what is there already: None, or the name of another command whose result it is.
      again: arguments that complete what was cut short; None: the same.
    """

    argv: Sequence[str]
    before: str | None = None
    again: Sequence[str] | None = None

    def arguments(self, out: Path, again: bool = False) -> list[str]:
        argv = self.again if again and self.again is not None else self.argv
        return [str(out) if part == OUT else part for part in argv]


@dataclass
class Ended:
    """How a command ended; see `forks`."""

    code: int
    out: str
    err: str
    events: int
    cpu: float
    orphans: int
    tmp: list[str]
    copied: str | None = None

    def complaints(self) -> list[str]:
        """What must never be, however a command ends."""
        said = {
            "a traceback": "Traceback" in self.err,
            f"{self.orphans} orphans": self.orphans > 0,
            f"left in the temporary folder: {self.tmp}": bool(self.tmp),
        }
        return [what for what, holds in said.items() if holds]

    @property
    def errors(self) -> list[str]:
        """The lines that tell of an error."""
        lines = self.err.replace("\r", "\n").splitlines()
        return [line for line in lines if "text2seq: error: " in line]


@dataclass
class Workshop:
    """A folder with raw rows, spec and model file, and one process that runs commands in forks.

    Attributes:
      folder: of everything.
      process: that forks.
    """

    folder: Path
    process: Conversation
    _made: dict[str, Path] = field(default_factory=dict)
    _whole_runs: dict[str, Ended] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Workshop:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "spec.yaml").write_text(SPEC)
        (folder / "other.yaml").write_text(SPEC.replace("max_length: 12", "max_length: 5"))
        (folder / "model.yaml").write_text(MODEL)
        rows = ({"id": n, **_row(n)} for n in range(ROWS))
        (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return cls(folder, Conversation(FORKS))

    @cached_property
    def commands(self) -> dict[str, Command]:
        """By name."""
        root = self.folder
        data = ["--input", str(root / "rows.jsonl")]
        build = ["build", *data, "--output", OUT, *MODES["in memory"], "--spec"]
        artifact = ["--artifact", str(root / "artifact")]
        train = ["train", *artifact, "--model", str(root / "model.yaml"), "--output", OUT]
        return {
            "build": Command([*build, str(root / "spec.yaml")]),
            "overwrite": Command([*build, str(root / "other.yaml"), "--overwrite"], "build"),
            "train": Command(train),
            "resume": Command(train, again=[*train, "--resume"]),
            "train --overwrite": Command([*train, "--overwrite", "--epochs", "2"], "train"),
            "vectors": Command(["vectors", *artifact, "--dim", "4", "--output", OUT]),
            "vectors --overwrite": Command(
                ["vectors", *artifact, "--dim", "5", "--output", OUT, "--overwrite"], "vectors"
            ),
            "report": Command(["report", *artifact, "--output", OUT]),
            "dictionary": Command(["dictionary", "--from", "ipadic", "--output", OUT]),
            "verify": Command(["verify", *artifact]),
            "inspect": Command(["inspect", *artifact]),
            "evaluate": Command(["evaluate", *artifact, "--model", str(root / "model")]),
            "predict": Command(["predict", *data, "--model", str(root / "model")]),
        }

    def sources(self) -> None:
        """Makes the artifact and the model that other commands read."""
        for name, path in (("build", "artifact"), ("train", "model")):
            if not (self.folder / path).exists():
                self._whole(name, self.folder / path)

    def run(self, argv: Sequence[str], **more: Any) -> Ended:
        """Runs a command line to its end, or its fate."""
        tmp = self.folder / "tmp"
        shutil.rmtree(tmp, ignore_errors=True)
        tmp.mkdir()
        asked = {"argv": list(argv), "cwd": str(self.folder), "tmp": str(tmp), **more}
        return Ended(**json.loads(self.process.ask(json.dumps(asked))))

    def made(self, name: str) -> Path:
        """What an undisturbed run of a command leaves; made once, read only."""
        if name not in self._made:
            path = self.output(name, "made")
            self.prepare(name, path)
            self._whole(name, path)
            self._made[name] = path
        return self._made[name]

    def output(self, name: str, folder: str = "run") -> Path:
        """Where a command writes, in a folder of its own."""
        slug = name.replace(" --", "-")
        return self.folder / folder / slug / f"out{SUFFIXES.get(name.partition(' ')[0], '')}"

    def undisturbed(self, name: str) -> Ended:
        """How a run ends that nothing disturbs."""
        self.made(name)
        return self._whole_runs[name]

    def prepare(self, name: str, out: Path) -> None:
        """Puts at `out` what a command finds there."""
        self.sources()
        remove(out.parent)
        out.parent.mkdir(parents=True)
        if before := self.commands[name].before:
            copy(self.made(before), out)

    def _whole(self, name: str, out: Path) -> None:
        ended = self.run(self.commands[name].arguments(out))
        assert ended.code == 0 and not ended.complaints(), (name, ended)
        self._whole_runs[name] = ended


def _row(number: int) -> Mapping[str, object]:
    text = " ".join(f"w{(number * k) % 17}" for k in range(1, 3 + number % 11))
    return {"text": text, "label": number % 2, "topic": "abc"[number % 3]}


def copy(source: Path, destination: Path) -> None:
    """Copies a file or a folder, over what is there."""
    remove(destination)
    destination.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, destination, symlinks=True)
    else:
        shutil.copyfile(source, destination)


def remove(path: Path) -> None:
    """Removes a file or a folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# What bears a time or a random name.
_VARYING = ("logs/", "model.keras", "serving/", "transform/", "model.json", "manifest.json")


def contents(path: Path) -> dict[str, str]:
    """Path and SHA-256 of every file of an output, hidden ones too, the marker left out."""
    if path.is_file():
        return {"": hashlib.sha256(path.read_bytes()).hexdigest()}
    files = {str(p.relative_to(path)): p for p in sorted(path.rglob("*")) if p.is_file()}
    return {
        name: hashlib.sha256(p.read_bytes()).hexdigest()
        for name, p in files.items()
        if name != ".text2seq"
    }


def alike(one: Path, other: Path) -> bool:
    """Whether two outputs hold the same but for what bears times and random names."""
    first, second = contents(one), contents(other)
    names = {n for n in first if not n.startswith("logs/")}
    if names != {n for n in second if not n.startswith("logs/")}:
        return False
    return all(first[n] == second[n] for n in names if not n.startswith(_VARYING))
