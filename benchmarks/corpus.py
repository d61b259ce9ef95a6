"""A made-up corpus of any size: `python benchmarks/corpus.py --gigabytes 4 --output FOLDER`.

Words are drawn by Zipf's law from a million, and two more of each text are in no other, so that
the number of words grows with the corpus as that of crawled text does. Lengths are spread as those
of reviews are. The same seed gives the same texts; a larger corpus begins with the smaller one.
Files are Parquet with the columns `text` and `label`, of about 256 MB of text each.
"""

from __future__ import annotations

import argparse
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

WORDS = 1_000_000
_EXPONENT = 1.05
_POOL = 1 << 24
_MEDIAN, _SPREAD, _LONGEST = 150, 0.7, 2_000  # words of a text
_ROWS = 20_000  # of a row group
_FILE_BYTES = 256 << 20
_LETTERS = np.frombuffer(string.ascii_lowercase.encode(), np.uint8)


def main() -> None:
    """Writes the files, and prints how much they hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gigabytes", type=float, required=True, help="of text (10^9 bytes)")
    parser.add_argument("--output", type=Path, required=True, help="new folder")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    size, rows = write_corpus(given.output, given.gigabytes, given.seed)
    print(f"{given.output}: {rows:,} texts, {size / 1e9:.2f} GB")


def write_corpus(folder: Path, gigabytes: float, seed: int = 0) -> tuple[int, int]:
    """Writes a corpus into a new folder.

    Returns:
      Bytes of text, and rows.
    """
    folder.mkdir(parents=True)
    written = rows = number = 0
    groups = _groups(seed)
    while written < gigabytes * 1e9:
        path, held = folder / f"part-{number:05d}.parquet", 0
        with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
            while held < _FILE_BYTES and written + held < gigabytes * 1e9:
                group = next(groups)
                writer.write_batch(group)
                held += int(pc.sum(pc.binary_length(group["text"])).as_py())
                rows += group.num_rows
        written, number = written + held, number + 1
    return written, rows


_SCHEMA = pa.schema([("text", pa.string()), ("label", pa.int64())])


def _groups(seed: int) -> Iterator[pa.RecordBatch]:
    words, pool = _words(seed), _ranks(seed)
    number = 0
    while True:
        random = np.random.default_rng((seed, number))
        lengths = _lengths(random)
        ranks = pool[random.integers(0, _POOL, int(lengths.sum()), np.int32)]
        texts = pc.binary_join(_lists(words.take(pa.array(ranks)), lengths), " ")
        rows = pa.array(np.arange(number * _ROWS, (number + 1) * _ROWS)).cast(pa.string())
        own = [pc.binary_join_element_wise(letter, rows, "") for letter in ("qx", "zj")]
        texts = pc.binary_join_element_wise(own[0], texts, own[1], " ")
        labels = pa.array(random.integers(0, 2, _ROWS))
        yield pa.RecordBatch.from_arrays([texts, labels], schema=_SCHEMA)
        number += 1


def _lengths(random: np.random.Generator) -> NDArray[np.int64]:
    drawn = random.lognormal(np.log(_MEDIAN), _SPREAD, _ROWS)
    return np.clip(drawn, 1, _LONGEST).astype(np.int64)


def _lists(values: pa.Array, lengths: NDArray[np.int64]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _words(seed: int) -> pa.Array:
    """Words of 2 to 12 letters; some are there twice, which is as if they were more frequent."""
    random = np.random.default_rng(seed)
    sizes = random.integers(2, 13, WORDS)
    letters = _LETTERS[random.integers(0, len(_LETTERS), int(sizes.sum()))]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), WORDS, buffers)


def _ranks(seed: int) -> NDArray[np.int32]:
    """Ranks of words by Zipf's law, to be drawn from; it is quicker to draw than to work out."""
    chances = np.cumsum(1 / np.arange(1, WORDS + 1) ** _EXPONENT)
    drawn = np.random.default_rng(seed).random(_POOL)
    return np.searchsorted(chances, drawn * chances[-1]).astype(np.int32)


if __name__ == "__main__":
    main()
