"""Made-up reviews: Zipf-like words, lengths spread widely, labels that can be learnt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

_WORDS = 20_000
_SEED = 20260101
_PARTS = 4
_NEW_ROWS = 4
_TOPICS = ("films", "books", "hotels", "games")
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]

# How often a word comes from the lexicon of its label, and of its topic.
_LABEL_SHARE, _TOPIC_SHARE = 0.06, 0.06

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
    random = np.random.default_rng(_SEED)
    words = _words(random)
    random = np.random.default_rng(_SEED + 1)
    rows = [_row(number, words, random) for number in range(_NEW_ROWS)]
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
    words = _words(random)
    for number in range(rows):
        row = _row(number, words, random)
        if number % _BAD_EVERY == _BAD_EVERY - 1:
            yield _bad_line(row, number // _BAD_EVERY)
        else:
            yield json.dumps(row) + "\n"


def _row(number: int, words: NDArray[np.str_], random: Generator) -> dict[str, object]:
    label, topic = int(random.integers(2)), int(random.integers(len(_TOPICS)))
    length = int(np.clip(random.lognormal(3.6, 0.9), 1, 600))
    chosen = _zipf(length, random)
    for share, lexicon in ((_LABEL_SHARE, label), (_TOPIC_SHARE, 2 + topic)):
        from_lexicon = random.random(length) < share
        # Lexicons are slices of the rarer words, 100 words each.
        chosen[from_lexicon] = 2_000 + 100 * lexicon + random.integers(100, size=from_lexicon.sum())
    return {
        "id": f"demo-{number:06d}",
        "text": _sentences(words[chosen]),
        "stars": round(float(np.clip(random.normal(2 + 2 * label, 1), 0, 5)), 1),
        "label": label,
        "topic": _TOPICS[topic],
    }


def _bad_line(row: dict[str, object], number: int) -> str:
    bad = (json.dumps(row)[:-9], json.dumps({**row, "text": None}), json.dumps({**row, "label": 7}))
    return bad[number % len(bad)] + "\n"


def _words(random: Generator) -> NDArray[np.str_]:
    """Distinct made-up words, the shorter ones first, as frequent words are short."""
    made: dict[str, None] = {}
    while len(made) < _WORDS:
        syllables = 2 + len(made) * 2 // _WORDS + int(random.integers(2))
        made["".join(random.choice(_SYLLABLES, syllables))] = None
    return np.array(list(made))


def _zipf(count: int, random: Generator) -> NDArray[np.int64]:
    """Ranks whose frequency falls about as 1 / rank (Zipf's law)."""
    return np.minimum(_WORDS ** random.random(count), _WORDS - 1).astype(np.int64)


def _sentences(words: Sequence[str] | NDArray[np.str_]) -> str:
    sentences = [words[start : start + 12] for start in range(0, len(words), 12)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
