"""The job that every peer does, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

TEXT, LABEL = "text", "label"
COLUMNS = [TEXT, LABEL]

WORDS = 20_000
"""Words of the vocabulary; padding and OOV not counted."""
LENGTH = 256
"""Tokens at which a sequence is cut."""
SHARDS = 4
"""Shards for each split; with buckets, for each split and bucket."""
BUCKETS = 8
"""Buckets of the peers that can bucket."""

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""What Keras' `Tokenizer` replaces by blanks."""


@dataclass(frozen=True)
class Job:
    """Parquet files with the columns `text` and `label` (0 or 1) to shards of tf.train.Example.

    A record holds `text` (ids padded with 0), `text_length` (tokens) and `label`.

    Attributes:
      train: file that the vocabulary comes from.
      test: file that is only transformed.
      output: new folder.
    """

    train: Path
    test: Path
    output: Path

    @property
    def splits(self) -> dict[str, Path]:
        """The input file of each split."""
        return {"train": self.train, "test": self.test}

    def shard(self, split: str, shard: int) -> Path:
        """The file of a shard; its folder is there."""
        folder = self.output / "examples" / split
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"part-{shard:05d}-of-{SHARDS:05d}.tfrecord.gz"


def read(path: Path) -> tuple[list[str], list[int]]:
    """All texts and labels of a file."""
    table = pq.read_table(path, columns=COLUMNS)
    return table[TEXT].to_pylist(), table[LABEL].to_pylist()


def chunks(rows: list[str], size: int) -> Iterator[list[str]]:
    """`rows` in lists of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
