"""How time and memory of `text2seq build` grow with the corpus."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from measure import Case, Result, interleaved
from peers import OURS
from tables import megabytes, render

FACTORS = (1, 2, 4)
MODES = {
    "default": (),
    "1 worker, in_memory": ("--direct_running_mode=in_memory", "--direct_num_workers=1"),
}

_HEADER = ["mode", "corpus", "text", "seconds", "CPU s", "imports", "peak", "peak - imports"]
_ROTATE_BY = 7  # words
_GROUP_ROWS = 5000


@dataclass(frozen=True)
class Corpus:
    """`factor` times the rows of the original.

    Attributes:
      factor: 1 for the original.
      train, test: Parquet files.
      text: bytes of UTF-8 in both.
    """

    factor: int
    train: Path
    test: Path
    text: int


def grown(train: Path, test: Path, runs: int, markdown: bool, tell: Callable[[str], None]) -> str:
    """Measures every mode at every size and renders tables and slopes."""
    with TemporaryDirectory(prefix="build-growth-") as folder:
        tell("writing copies of the corpus")
        corpora = [_corpus(train, test, factor, Path(folder)) for factor in FACTORS]
        measured = [(mode, corpus) for mode in MODES for corpus in corpora]
        cases = [Case(OURS, corpus.train, corpus.test, MODES[mode]) for mode, corpus in measured]
        results, _ = interleaved(cases, runs, tell)
    rows = [_row(*of, result) for of, result in zip(measured, results, strict=True)]
    slopes = [_slopes(mode, corpora, _of(mode, measured, results)) for mode in MODES]
    return "\n\n".join([render(_HEADER, rows, markdown), "\n".join(slopes)])


def _of(
    mode: str, measured: Sequence[tuple[str, Corpus]], results: Sequence[Result]
) -> list[Result]:
    return [r for (name, _), r in zip(measured, results, strict=True) if name == mode]


def _row(mode: str, corpus: Corpus, result: Result) -> list[str]:
    before, peak = result.median("before"), result.median("peak")
    return [
        mode,
        f"{corpus.factor}x",
        megabytes(corpus.text),
        f"{result.median('seconds'):.1f}",
        f"{result.median('cpu'):.1f}",
        megabytes(before),
        megabytes(peak),
        megabytes(peak - before),
    ]


def _slopes(mode: str, corpora: Sequence[Corpus], results: Sequence[Result]) -> str:
    """Least squares over the sizes: what a further byte of text costs."""
    texts = [corpus.text for corpus in corpora]
    memory = linear_regression(texts, [r.median("peak") for r in results]).slope
    seconds = linear_regression(texts, [r.median("seconds") for r in results])
    return (
        f"{mode}: {memory:.2f} further bytes of peak memory for each further byte of text; "
        f"{seconds.slope * 1e6:.3f} s for each further MB, {seconds.intercept:.1f} s at no text"
    )


def _corpus(train: Path, test: Path, factor: int, folder: Path) -> Corpus:
    if factor > 1:
        train = _multiplied(train, folder / f"{factor}x-train.parquet", factor)
        test = _multiplied(test, folder / f"{factor}x-test.parquet", factor)
    return Corpus(factor, train, test, text_bytes(train) + text_bytes(test))


def _multiplied(source: Path, path: Path, factor: int) -> Path:
    """Writes `factor` versions of every row, so that no text is there twice.

    In each further version the words are rotated and two words are added that no other row has,
    since a larger corpus has a larger vocabulary.
    """
    schema = pa.schema([("text", pa.string()), ("label", pa.int64())])
    with pq.ParquetWriter(path, schema) as writer:
        for version in range(factor):
            for batch in _batches(source):
                texts = batch.column("text")
                if version:
                    texts = pa.array(_salted(texts.to_pylist(), version, source.stem))
                columns = [texts, batch.column("label")]
                writer.write_batch(pa.record_batch(columns, schema=schema))
    return path


def _batches(source: Path) -> Iterator[pa.RecordBatch]:
    return pq.ParquetFile(source).iter_batches(_GROUP_ROWS, columns=["text", "label"])


def _salted(texts: list[str], version: int, name: str) -> list[str]:
    return [_rotated(text, version) + _new_words(text, version, name) for text in texts]


def _rotated(text: str, version: int) -> str:
    words = text.split(" ")
    start = version * _ROTATE_BY % len(words)
    return " ".join([*words[start:], *words[:start]])


def _new_words(text: str, version: int, name: str) -> str:
    row = zlib.crc32(f"{name}/{version}/{text}".encode())
    return f" a{row:x} b{row:x}"


def text_bytes(path: Path) -> int:
    """Bytes of UTF-8 in the column `text`."""
    return sum(
        pc.sum(pc.binary_length(batch.column("text"))).as_py() or 0 for batch in _batches(path)
    )
