"""Random valid specs over random rows: the books balance and `verify` is clean, or one line.

    python tests/guarantees/random_builds.py

A number gives the same spec and rows each time.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from damage import Ran, run

WORDS = [
    "a",
    "The",
    "the",
    "don't",
    "İ",
    "ß",
    "日本語",
    "😀",
    "x\tb",
    "\u00a0",
    "<b>",
    "&amp;",
    "1.0",
]
TOKENIZERS: list[Mapping[str, Any]] = [
    {"kind": "keras"},
    {"kind": "keras", "char_level": True},
    {"kind": "whitespace", "normalize": ["lower", "strip_html"]},
    {"kind": "regex", "split": "[ .]+"},
    {"kind": "regex", "keep": "[a-z]+"},
    {"kind": "unicode_script"},
    {"kind": "characters"},
]
OOV: list[Any] = ["drop", "token", {"hash_buckets": 3}]
LABELS: list[Mapping[str, Any]] = [
    {"kind": "binary"},
    {"kind": "category"},
    {"kind": "multilabel", "separator": "|"},
    {"kind": "number"},
]
ROWS = 40
BUILT, REFUSED = "built, books balance, verify is clean", "refused in one line"


@dataclass(frozen=True)
class Case:
    """A spec, and the rows of a file of JSON lines."""

    spec: Mapping[str, Any]
    rows: list[Any]

    @classmethod
    def of(cls, seed: int) -> Case:
        """The case of a number."""
        chance = random.Random(seed)
        spec = _spec(chance)
        wrong = chance.choice([0.0, 0.0, 0.1, 0.5])
        return cls(spec, [_row(spec, number, wrong, chance) for number in range(ROWS)])


def _spec(chance: random.Random) -> Mapping[str, Any]:
    texts = [f"text{n}" for n in range(chance.randint(1, 2))]
    names = chance.choices(["words", "others"], k=len(texts))
    spec: dict[str, Any] = {
        "features": {t: _text(n, chance) for t, n in zip(texts, names, strict=True)},
        "labels": {f"label{n}": dict(chance.choice(LABELS)) for n in range(chance.randint(0, 2))},
        "vocabularies": {name: _vocabulary(chance) for name in sorted(set(names))},
        "buckets": {"by": chance.choice(texts), "count": chance.randint(1, 4)},
        "rejects": {"max_fraction": chance.choice([0.0, 0.2, 1.0])},
        "output": {
            "shards": chance.randint(1, 3),
            "compression": chance.choice(["gzip", "none"]),
            "seed": chance.randint(0, 9),
        },
    }
    if chance.random() < 0.4:
        spec["features"]["size"] = {
            "kind": "numeric",
            "scale": chance.choice(["z_score", "min_max", "none"]),
        }
    if chance.random() < 0.5:
        spec["keep"] = ["id"]
    if chance.random() < 0.5:
        fractions = chance.choice([{"train": 0.5, "test": 0.5}, {"train": 0.98, "dev": 0.02}])
        spec["splits"] = {"by": chance.choice(["id", texts[0]]), "fractions": fractions}
    if chance.random() < 0.3:
        spec["buckets"]["multiple_of"] = chance.choice([2, 8])
    return spec


def _text(vocabulary: str, chance: random.Random) -> Mapping[str, Any]:
    return {
        "vocabulary": vocabulary,
        "max_length": chance.choice([None, 1, 3, 20]),
        "truncating": chance.choice(["pre", "post"]),
        "padding": chance.choice(["pre", "post"]),
    }


def _vocabulary(chance: random.Random) -> Mapping[str, Any]:
    return {
        "tokenizer": dict(chance.choice(TOKENIZERS)),
        "oov": chance.choice(OOV),
        "ties": chance.choice(["bytes", "first_seen"]),
        "max_size": chance.choice([None, 1, 5]),
        "min_count": chance.choice([1, 1, 3]),
        "reserved_tokens": chance.choice([[], ["[x]", "the"]]),
    }


def _row(spec: Mapping[str, Any], number: int, wrong: float, chance: random.Random) -> Any:
    """A row, or with the probability `wrong` something that is none."""
    row: dict[str, Any] = {"id": number}
    for name, feature in spec["features"].items():
        words = chance.choices(WORDS, k=chance.choice([0, 1, 2, 5, 30]))
        is_text = feature.get("kind", "text") == "text"
        row[name] = chance.choice([" ", "", "."]).join(words) if is_text else chance.gauss(0, 9)
    for name, label in spec["labels"].items():
        row[name] = _label(label["kind"], chance)
    if chance.random() < wrong:
        name = chance.choice(sorted(row))
        row[name] = chance.choice([None, [], {}, "x\ud800", 1e300, True, "??"])
        if chance.random() < 0.3:
            del row[name]
    return row


def _label(kind: str, chance: random.Random) -> Any:
    values = {
        "binary": [0, 1],
        "category": ["a", "b", "日本"],
        "multilabel": ["", "x", "x|y", "y|z"],
        "number": [-1.5, 0, 3],
    }
    return chance.choice(values[kind])


def outcome(case: Case, folder: Path) -> str:
    """What became of a case; anything but `BUILT` and `REFUSED` is wrong."""
    spec, rows, artifact = folder / "spec.json", folder / "rows.jsonl", folder / "artifact"
    spec.write_text(json.dumps(case.spec))
    rows.write_text("".join(json.dumps(row) + "\n" for row in case.rows))
    arguments = ["--spec", str(spec), "--input", str(rows), "--direct_num_workers=1"]
    built = run(["build", *arguments, "--output", str(artifact)], folder)
    if built.code != 0:
        left = {path.name for path in artifact.iterdir()} if artifact.exists() else set()
        return _refused(built) if left <= {".text2seq"} else f"left {left}"
    counts = json.loads((artifact / "manifest.json").read_text())["rows"]
    if sum(counts["written"].values()) + counts["rejected"] != ROWS or counts["read"] != ROWS:
        return f"the books: {counts}"
    verified = run(["verify", "--artifact", str(artifact)], folder)
    return BUILT if verified.code == 0 else f"verify: {verified}"


def _refused(ran: Ran) -> str:
    lines = [line for line in ran.error.splitlines() if line.startswith("text2seq: error: ")]
    is_clear = ran.code in (1, 2) and len(lines) == 1 and "Traceback" not in ran.error
    return REFUSED if is_clear else f"{ran}"


def outcomes(seeds: range) -> Counter[str]:
    """How often each outcome came, over the cases of some numbers."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        with TemporaryDirectory() as folder:
            found = outcome(Case.of(seed), Path(folder))
        counts[found if found in (BUILT, REFUSED) else f"{seed}: {found}"] += 1
    return counts


def table(counts: Counter[str]) -> str:
    """The counts in Markdown."""
    rows = (f"| {what} | {count} |" for what, count in counts.most_common())
    return "\n".join(["| random specs and rows | cases |", "| --- | --- |", *rows])


if __name__ == "__main__":
    found = outcomes(range(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
    print(table(found))
    sys.exit(not found.keys() <= {BUILT, REFUSED})
