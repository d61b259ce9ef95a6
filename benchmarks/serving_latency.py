"""How fast `serving/` of an artifact answers, in a process with TensorFlow alone.

    python benchmarks/serving_latency.py ARTIFACT

Prints the time of the first call and of later ones, and calls and rows a second for several batch
sizes. Lookup tables must be filled when the model is loaded and never again; shown in two ways:
no op that fills a table is in the graph of the signature, and with `--words 1000000`, which loads
a copy whose vocabulary is as large, loading takes longer and a call does not.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tables import machine_facts, render

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

BATCHES = (1, 32, 1024)

_HEADER = ["vocabulary", "load", "batch", "first call", "later calls", "calls/s", "rows/s"]
_TABLE_FILLING_OPS = ("InitializeTable", "LookupTableImport", "LookupTableInsert")
_NOT_NEEDED = ("apache_beam", "tensorflow_transform", "preprocess", "beam_jobs")


@dataclass(frozen=True)
class Latency:
    """Seconds of calls with one batch size.

    Attributes:
      batch: rows of a call.
      first: the first call of this batch size.
      later: median of the calls after it.
    """

    batch: int
    first: float
    later: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints; exits with 1 where a call would fill tables again."""
    given = _parser().parse_args(arguments)
    manifest = _manifest(given.artifact)
    for library in manifest["op_libraries"]:
        importlib.import_module(library)
    texts = _Texts(given.artifact, given.length)
    rows, filling = _measured("own", given.artifact / "serving", texts, given.seconds)
    if given.words:
        with TemporaryDirectory(prefix="serving-latency-") as folder:
            enlarged = _enlarged(given.artifact / "serving", Path(folder) / "serving", given.words)
            name = f"{given.words:,} words"
            rows += _measured(name, enlarged, texts, given.seconds)[0]
    print(f"{machine_facts()}\n\n{render(_HEADER, rows, given.markdown)}\n")
    print(f"texts of {given.length} words; imported beside TensorFlow: {_imported() or 'nothing'}")
    print(f"ops in the signature that fill a lookup table: {', '.join(filling) or 'none'}")
    sys.exit(1 if filling else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("artifact", type=Path, help="folder that `text2seq build` made")
    parser.add_argument("--length", type=int, default=200, help="words of a text (default 200)")
    seconds = "seconds to measure each batch size (default 3)"
    parser.add_argument("--seconds", type=float, default=3.0, help=seconds)
    words = "also with a vocabulary of about so many words"
    parser.add_argument("--words", type=int, help=words)
    parser.add_argument("--markdown", action="store_true", help="the table in Markdown")
    return parser


def _manifest(artifact: Path) -> dict[str, Any]:
    path = artifact / "manifest.json"
    if not path.is_file():
        sys.exit(f"serving_latency: error: {artifact}: got no manifest.json, expected an artifact")
    return json.loads(path.read_text())


class _Texts:
    """Texts of words from the artifact's own vocabularies, as often as they stand in train."""

    def __init__(self, artifact: Path, length: int) -> None:
        tables = sorted(artifact.glob("vocabulary/*.tsv"))
        counted = [line.split("\t") for path in tables for line in _lines(path)]
        self._words = [word for word, _, _ in counted]
        self._counts = [int(count) for _, _, count in counted]
        self._length = length
        self._random = random.Random(0)

    def some(self, count: int) -> list[str]:
        """`count` texts; others at each call."""
        return [self._one() for _ in range(count)]

    def _one(self) -> str:
        return " ".join(self._random.choices(self._words, self._counts, k=self._length))


def _measured(
    name: str, serving: Path, texts: _Texts, seconds: float
) -> tuple[list[list[str]], list[str]]:
    """Rows of the table, and the ops of the signature that fill a table."""
    import tensorflow as tf

    start = time.perf_counter()
    model = tf.saved_model.load(str(serving))
    load = time.perf_counter() - start
    signature = model.signatures["serving_default"]
    latencies = [_latency(signature, batch, texts, seconds) for batch in BATCHES]
    rows = [_row(name, load, latency) for latency in latencies]
    return rows, _filling_ops(signature)


def _latency(signature: Any, batch: int, texts: _Texts, seconds: float) -> Latency:
    """Calls with one batch, again and again for so many seconds."""
    feed = _feed(signature, batch, texts)
    times = list(_times(signature, feed, seconds))
    return Latency(batch, times[0], median(times[1:]))


def _times(signature: Any, feed: dict[str, Any], seconds: float) -> Iterator[float]:
    """Seconds of each call; at least two calls."""
    begin, calls = time.perf_counter(), 0
    while calls < 2 or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        answer = signature(**feed)
        for value in answer.values():
            value.numpy()
        calls += 1
        yield time.perf_counter() - start


def _feed(signature: Any, batch: int, texts: _Texts) -> dict[str, Any]:
    """A value for each column that the signature asks for: texts, or zeros for numbers."""
    import tensorflow as tf

    columns = signature.structured_input_signature[1]
    return {
        name: tf.constant(texts.some(batch) if spec.dtype == tf.string else [0.0] * batch)
        for name, spec in columns.items()
    }


def _filling_ops(signature: Any) -> list[str]:
    """The ops that fill tables, in the signature and in every function that it may call."""
    graph = signature.graph.as_graph_def()
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    return sorted({node.op for node in nodes if node.op.startswith(_TABLE_FILLING_OPS)})


def _enlarged(serving: Path, copy: Path, words: int) -> Path:
    """A copy of a SavedModel with made-up words appended to the file of each vocabulary."""
    shutil.copytree(serving, copy)
    for asset in copy.glob("assets/*.words*"):
        have = len(_lines(asset))
        with asset.open("a", encoding="utf-8") as file:
            file.writelines(f"made-up-{number}\n" for number in range(words - have))
    return copy


def _lines(path: Path) -> list[str]:
    # Words may hold other line ends than \n.
    return path.read_bytes().decode().split("\n")[:-1]


def _imported() -> str:
    return ", ".join(name for name in _NOT_NEEDED if name in sys.modules)


def _row(name: str, load: float, latency: Latency) -> list[str]:
    return [
        name,
        f"{load:.2f} s",
        f"{latency.batch:,}",
        f"{latency.first * 1e3:.2f} ms",
        f"{latency.later * 1e3:.2f} ms",
        f"{1 / latency.later:,.0f}",
        f"{latency.batch / latency.later:,.0f}",
    ]


if __name__ == "__main__":
    main()
