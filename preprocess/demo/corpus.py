"""Made-up English reviews, of lengths spread widely, with labels that can be learnt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.random import Generator

from preprocess.demo.english import TOPICS, review

_SEED = 20260101
_PARTS = 4
_NEW_ROWS = 4
_TOPICS = tuple(TOPICS)
_MOST_SENTENCES = 80

# One bad row in this many: a broken line, a text that is null, a label out of range.
_BAD_EVERY = 399


@dataclass(frozen=True)
class Corpus:
    """Where a corpus lies.

    Attributes:
      spec: the spec file.
      model: the model file.
      inputs: values of `--input`.
      new_rows: a file of rows without labels.
      vectors: where the model file expects word vectors, if it does.
    """

    spec: Path
    model: Path
    inputs: list[str]
    new_rows: Path
    vectors: Path | None = None


def write_corpus(folder: Path, rows: int) -> Corpus:
    """Writes JSON lines (one part compressed, one empty), spec and model file; always the same.

    Args:
      folder: made if it is not there; parts of an earlier corpus are overwritten.
      rows: rows of the corpus, a few of them bad.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(_lines(rows))
    for part in range(_PARTS):
        text = "".join(lines[part::_PARTS]).encode()
        if part == _PARTS - 1:
            (folder / f"part-{part}.jsonl.gz").write_bytes(gzip.compress(text, mtime=0))
        else:
            (folder / f"part-{part}.jsonl").write_bytes(text)
    (folder / f"part-{_PARTS}.jsonl").write_bytes(b"")
    inputs = [str(folder / "part-*.jsonl"), str(folder / "part-*.jsonl.gz")]
    spec, model = (declared(folder, name) for name in ("spec.yaml", "model.yaml"))
    return Corpus(spec, model, inputs, _new_rows(folder))


def declared(folder: Path, name: str) -> Path:
    """A copy of a file that comes with the package."""
    path = folder / name
    path.write_bytes(files(__package__).joinpath(name).read_bytes())
    return path


def _new_rows(folder: Path) -> Path:
    """Rows that nobody has labelled, the last of them empty."""
    random = np.random.default_rng(_SEED + 1)
    rows = [_row(number, random) for number in range(_NEW_ROWS)]
    rows[-1]["text"] = ""
    columns = ("id", "text", "stars")
    path = folder / "new-rows.jsonl"
    path.write_text(
        "".join(
            json.dumps({c: row[c] for c in columns} | {"id": f"new-{i}"}) + "\n"
            for i, row in enumerate(rows)
        )
    )
    return path


def _lines(rows: int) -> Iterator[str]:
    random = np.random.default_rng(_SEED)
    for number in range(rows):
        row = _row(number, random)
        if number % _BAD_EVERY == _BAD_EVERY - 1:
            yield _bad_line(row, number // _BAD_EVERY)
        else:
            yield json.dumps(row) + "\n"


def _row(number: int, random: Generator) -> dict[str, object]:
    label, topic = int(random.integers(2)), str(random.choice(_TOPICS))
    sentences = int(np.clip(random.lognormal(1.6, 0.8), 1, _MOST_SENTENCES))
    return {
        "id": f"demo-{number:06d}",
        "text": review(topic, bool(label), sentences, random),
        "stars": round(float(np.clip(random.normal(2 + 2 * label, 1), 0, 5)), 1),
        "label": label,
        "topic": topic,
    }


def _bad_line(row: dict[str, object], number: int) -> str:
    bad = (json.dumps(row)[:-9], json.dumps({**row, "text": None}), json.dumps({**row, "label": 7}))
    return bad[number % len(bad)] + "\n"
