"""Small made-up files of the shape, and under the names, that the documents print."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from source_tree import ROOT

from preprocess.demo.english import TOPICS, review

_REVIEWS = 20  # of each class
# A model file that trains in seconds: what else it says stays.
_CAPPED = {"epochs": 1}


def write_published(folder: Path) -> None:
    """Writes the corpora, and copies `examples/` with trainings of one epoch."""
    _write_imdb(folder / "imdb")
    for split, rows in (("train", 400), ("test", 100)):
        _write_lines(folder / f"{split}.jsonl", _reviews(rows))
        _write_lines(folder / f"babi-qa1-{split}.jsonl", _stories(rows))
    shutil.copytree(ROOT / "examples", folder / "examples")
    for path in (folder / "examples").glob("*.model.yaml"):
        declared = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        declared["training"] = declared.get("training", {}) | _CAPPED
        path.write_text(yaml.safe_dump(declared), encoding="utf-8")


def _write_imdb(root: Path) -> None:
    """As the Large Movie Review Dataset unpacks: a file a review, named by number and stars."""
    for n, row in enumerate(_reviews(4 * _REVIEWS)):
        split = "train" if n < 2 * _REVIEWS else "test"
        stars = 8 if row["label"] else 3
        path = root / split / ("neg", "pos")[row["label"]] / f"{n}_{stars}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(row["text"], encoding="utf-8")


def _reviews(count: int) -> Iterator[Mapping[str, Any]]:
    random = np.random.default_rng(count)
    for n in range(count):
        label = n % 2
        text = review(sorted(TOPICS)[0], bool(label), 3 + n // 2 % 6, random)
        yield {"id": f"r{n}", "text": text.replace(". ", ".<br /><br />"), "label": label}


def _stories(count: int) -> Iterator[Mapping[str, Any]]:
    places = ("bathroom", "bedroom", "garden", "hallway", "kitchen", "office")
    for n in range(count):
        place = places[n % len(places)]
        story = f"Mary went to the {places[n * 5 % 6]}. John moved to the {place}."
        yield {"id": f"b{n}", "story": story, "question": "Where is John?", "answer": place}


def _write_lines(path: Path, rows: Iterator[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
