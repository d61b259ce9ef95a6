"""Damages every file of an artifact and of a model, and sees what every command makes of it.

A command must find the damage, in one line, or do exactly what it does without it.

    python tests/guarantees/damage.py
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import keras

from preprocess.cli import main

SPEC = """
features: {text: {max_length: 6}}
labels: {label: , topic: {kind: category}}
keep: [id]
buckets: {count: 2}
rejects: {max_fraction: 0.5}
output: {shards: 1}
"""
MODEL = """
text: {embedding: {dim: 2}, encoder: {kind: average}}
training: {epochs: 1, batch_size: 32, class_weights: {topic: balanced}}
"""
FOUND, HARMLESS = "found", "harmless"
ERROR = "text2seq: error: "

Harm = Callable[[Path, Path], object]
Runs = Mapping[str, Sequence[str]]


def _replaced(path: Path, data: bytes) -> None:
    path.unlink()  # never through a link
    path.write_bytes(data)


def _flipped(part: float) -> Harm:
    def flip(path: Path, _: Path) -> None:
        data = bytearray(path.read_bytes())
        if data:
            data[min(int(part * len(data)), len(data) - 1)] ^= 1
        _replaced(path, data)

    return flip


def _foldered(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir()


def _linked(path: Path, _: Path) -> None:
    data = path.read_bytes()
    outside = Path(mkdtemp()) / path.name
    outside.write_bytes(bytes(byte ^ 1 for byte in data))
    path.unlink()
    path.symlink_to(outside)


# What becomes of a file; the other path is another file of the same folder.
KINDS: dict[str, Harm] = {
    "deleted": lambda path, _: path.unlink(),
    "emptied": lambda path, _: _replaced(path, b""),
    "cut in half": lambda path, _: _replaced(path, path.read_bytes()[: path.stat().st_size // 2]),
    "first byte flipped": _flipped(0),
    "a byte flipped": _flipped(0.37),
    "last byte flipped": _flipped(1),
    "garbage": lambda path, _: _replaced(path, b"\x00\xff{]\x1b" * 40),
    "another file": lambda path, other: _replaced(path, other.read_bytes()),
    "a folder": _foldered,
    "a link": _linked,
}


@dataclass
class Tally:
    """How often each command found a damage, or was not harmed by it.

    Attributes:
      counts: by what was damaged, command and outcome.
      bad: a line for each case that is neither.
    """

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)

    def add(self, what: str, command: str, outcome: str, names: Sequence[str], kind: str) -> None:
        """Counts the files that an outcome is of."""
        is_good = outcome in (FOUND, HARMLESS)
        self.counts[what, command, outcome if is_good else "bad"] += len(names)
        if not is_good:
            self.bad.append(f"{what}: {command}: {kind}: {', '.join(names)}: {outcome}")

    def table(self) -> str:
        """The counts in Markdown."""
        rows = [
            "| damaged | command | found | harmless | neither |",
            "| --- | --- | --- | --- | --- |",
        ]
        for what, command in dict.fromkeys(key[:2] for key in self.counts):
            numbers = [self.counts[what, command, o] for o in (FOUND, HARMLESS, "bad")]
            rows.append(f"| {what} | {command} | {' | '.join(map(str, numbers))} |")
        return "\n".join([*rows, *self.bad])


@dataclass(frozen=True)
class Subject:
    """A folder that is damaged, and what is run on it.

    Attributes:
      what: "artifact" or "model".
      folder: damaged and mended again.
      pristine: a copy of it.
      runs: arguments of each command; `OUT` in them is a new path each time.
    """

    what: str
    folder: Path
    pristine: Path
    runs: Runs

    @classmethod
    def of(cls, what: str, folder: Path, runs: Runs) -> Subject:
        pristine = folder.with_name(f"{folder.name}-pristine")
        shutil.copytree(folder, pristine)
        return cls(what, folder, pristine, runs)

    @property
    def names(self) -> list[str]:
        """Every file, but what a model's readers never open: logs and checkpoints."""
        found = (p.relative_to(self.pristine) for p in self.pristine.rglob("*") if p.is_file())
        return sorted(str(p) for p in found if p.parts[0] not in ("logs", "checkpoints"))

    def outcome(self, command: str, names: Sequence[str], harm: Harm, whole: Ran) -> str:
        """What a command makes of some damaged files."""
        for name in names:
            harm(self.folder / name, self._other(name))
        try:
            return _judged(self.run(command), whole)
        finally:
            for name in names:
                self._mend(name)

    def run(self, command: str) -> Ran:
        """What a command says and writes."""
        with TemporaryDirectory() as folder:
            output = Path(folder)
            given = [argument.replace("OUT", f"{output}/out") for argument in self.runs[command]]
            return run([command, *given], output)

    def _other(self, name: str) -> Path:
        """Another file, of the same suffix where there is one."""
        others = [other for other in self.names if other != name]
        alike = [other for other in others if Path(other).suffix == Path(name).suffix]
        return self.pristine / min(alike or others, key=lambda other: (other < name, other))

    def _mend(self, name: str) -> None:
        path = self.folder / name
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        path.unlink(missing_ok=True)
        shutil.copy2(self.pristine / name, path)


@dataclass(frozen=True)
class Ran:
    """What a command said and wrote.

    Attributes:
      code: of its exit, or what it raised.
      output: standard output.
      error: standard error.
      written: contents of what it wrote that are the same each time.
    """

    code: int | str
    output: str
    error: str
    written: Mapping[str, str]


def run(arguments: Sequence[str], output: Path) -> Ran:
    """Runs a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: int | str = "no exit"
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(arguments))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        except BaseException as error:
            code = f"{type(error).__name__}: {error}"[:200]
    said = out.getvalue().replace(str(output), "OUT")
    return Ran(code, said, err.getvalue(), dict(_written(output)))


def _written(output: Path) -> Iterator[tuple[str, str]]:
    """Digests of files that bear no date, which `.keras`, logs do."""
    steady = {".html", ".tsv", ".pbtxt", ".bin"}
    for path in sorted(output.rglob("*")) if output.is_dir() else []:
        if path.is_file() and (path.suffix in steady or path.name == "history.json"):
            yield str(path.relative_to(output)), hashlib.sha256(path.read_bytes()).hexdigest()


def _judged(ran: Ran, whole: Ran) -> str:
    if "Traceback" in ran.error or isinstance(ran.code, str):
        return f"a traceback ({ran.code})"
    errors = [line for line in ran.error.splitlines() if line.startswith(ERROR)]
    if ran.code == 0:
        is_same = (ran.output, ran.written) == (whole.output, whole.written)
        return HARMLESS if is_same and not errors else "another result, and no error"
    if ran.code == 1 and not errors and "differ" in ran.output:  # of `verify`
        return FOUND
    return FOUND if ran.code == 2 and len(errors) == 1 else f"{len(errors)} errors, code {ran.code}"


def damage(subject: Subject, kinds: Iterable[str], tally: Tally, every: int = 1) -> None:
    """Each command on each damage of each file, or of every n-th.

    Files that a command does without are damaged all at once, as they may be.
    """
    names, kinds = subject.names[::every], list(kinds)
    for command in subject.runs:
        keras.backend.clear_session()
        whole = subject.run(command)
        assert whole.code == 0, whole
        unread = _unread(subject, command, names, whole)
        for kind in kinds:
            groups = [unread, *([name] for name in names if name not in unread)]
            for group in filter(None, groups):
                outcome = subject.outcome(command, group, KINDS[kind], whole)
                if outcome != HARMLESS and len(group) > 1:
                    for name in group:
                        alone = subject.outcome(command, [name], KINDS[kind], whole)
                        tally.add(subject.what, command, alone, [name], kind)
                else:
                    tally.add(subject.what, command, outcome, group, kind)


def _unread(subject: Subject, command: str, names: Sequence[str], whole: Ran) -> list[str]:
    """The files that a command does without."""
    if not names:
        return []
    if subject.outcome(command, names, KINDS["deleted"], whole) == HARMLESS:
        return list(names)
    if len(names) == 1:
        return []
    middle = len(names) // 2
    halves = names[:middle], names[middle:]
    return [name for half in halves for name in _unread(subject, command, half, whole)]


def subjects(folder: Path) -> list[Subject]:
    """A small artifact and a small model in a folder, and the commands that read them."""
    rows = [
        {"id": n, "text": f"a b{n % 5} " + "c " * (n % 4), "label": n % 2, "topic": "xyz"[n % 3]}
        for n in range(48)
    ]
    _write(folder / "train.jsonl", [*rows, {"id": 99, "text": None, "label": 1, "topic": "x"}])
    _write(folder / "test.jsonl", rows[:10])
    (folder / "spec.yaml").write_text(SPEC)
    (folder / "model.yaml").write_text(MODEL)
    artifact, model = str(folder / "artifact"), str(folder / "model")
    inputs = ["--input", f"train={folder}/train.jsonl", "--input", f"test={folder}/test.jsonl"]
    options = ["--direct_num_workers=1", "--output", artifact]
    declared = ["--model", str(folder / "model.yaml"), "--limit", "48"]
    _succeed(["build", "--spec", str(folder / "spec.yaml"), *inputs, *options])
    _succeed(["train", "--artifact", artifact, *declared, "--output", model])
    of_artifact = {
        "verify": ["--artifact", artifact],
        "inspect": ["--artifact", artifact],
        "report": ["--artifact", artifact, "--output", "OUT.html"],
        "train": ["--artifact", artifact, *declared, "--output", "OUT"],
        "vectors": ["--artifact", artifact, "--output", "OUT.bin", "--dim", "3"],
    }
    of_model = {
        "predict": ["--model", model, "--input", f"{folder}/test.jsonl"],
        "evaluate": ["--model", model, "--artifact", artifact],
        "report": ["--model", model, "--artifact", artifact, "--output", "OUT.html"],
    }
    return [
        Subject.of("artifact", Path(artifact), of_artifact),
        Subject.of("model", Path(model), of_model),
    ]


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _succeed(arguments: Sequence[str]) -> None:
    ran = run(arguments, Path("/none"))
    assert ran.code == 0, ran


if __name__ == "__main__":
    counted = Tally()
    with TemporaryDirectory() as temporary:
        for each in subjects(Path(temporary)):
            damage(each, KINDS, counted)
    print(counted.table())
    sys.exit(bool(counted.bad))
