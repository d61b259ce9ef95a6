"""Larger versions of a corpus, in which no text is there twice."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

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


def multiplied(train: Path, test: Path, factor: int, folder: Path) -> Corpus:
    """Writes `factor` versions of every row below `folder`; of 1 version the files are the given.

    In each further version the words are rotated and two words are added that no other row has,
    since a larger corpus has a larger vocabulary.
    """
    if factor > 1:
        train = _written(train, folder / f"{factor}x-train.parquet", factor)
        test = _written(test, folder / f"{factor}x-test.parquet", factor)
    return Corpus(factor, train, test, _text_bytes(train) + _text_bytes(test))


def _written(source: Path, path: Path, factor: int) -> Path:
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


def _text_bytes(path: Path) -> int:
    """Bytes of UTF-8 in the column `text`."""
    return sum(
        pc.sum(pc.binary_length(batch.column("text"))).as_py() or 0 for batch in _batches(path)
    )
