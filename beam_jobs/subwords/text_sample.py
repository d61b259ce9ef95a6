"""A sample of texts that depends on the texts and a seed alone: neither on order nor on workers.

A text's mark is a BLAKE2b of its bytes, salted by the seed; the texts of least mark are chosen.
Marks fall evenly into `BINS`, so that counts by bin show beforehand which texts cannot be chosen.
A table has the columns `mark` (binary, 16 bytes) and `text` (binary, UTF-8).
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_BITS = 12
BINS = 1 << _BITS
_SCHEMA = pa.schema([("mark", pa.binary()), ("text", pa.binary())])


class TextSample:
    """The `size` texts of least mark among all that are added; memory for twice as many."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tables: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Adds what `marked` or another sample gave."""
        self._tables.append(table)
        self._rows += len(table)
        if self._rows > 2 * self._size:
            self._tables = [self.table()]
            self._rows = len(self._tables[0])

    def table(self) -> pa.Table:
        """The chosen texts by mark; equal marks are equal texts."""
        table = pa.concat_tables([_SCHEMA.empty_table(), *self._tables])
        # Combined, so that what is cut off does not stay in memory.
        return table.sort_by("mark").slice(0, self._size).combine_chunks()


def marked(texts: pa.Array, seed: int, bins: int = BINS) -> pa.Table:
    """The table of those of the binary `texts` that fall into the first `bins`, empty ones never.

    Args:
      texts: binary, UTF-8.
      seed: of the marks.
      bins: at most `BINS`, which takes all.
    """
    found = [text for text in texts.to_pylist() if text]
    salt = (seed % 2**64).to_bytes(8, "big")
    marks = [hashlib.blake2b(text, digest_size=16, salt=salt).digest() for text in found]
    table = pa.table([pa.array(marks, pa.binary()), pa.array(found, pa.binary())], schema=_SCHEMA)
    return table.filter(pa.array(_bins(table) < bins))


def counts_by_bin(table: pa.Table) -> NDArray[np.int64]:
    """How many texts fall into each bin; shape (BINS,)."""
    return np.bincount(_bins(table), minlength=BINS)


def bins_for(counts: NDArray[np.int64], size: int) -> int:
    """How many of the first bins hold `size` texts; all if there are fewer."""
    return min(int(np.searchsorted(np.cumsum(counts), size)) + 1, BINS)


def _bins(table: pa.Table) -> NDArray[np.int64]:
    """The bin of each text: the first bits of its mark."""
    first = np.frombuffer(b"".join(mark[:2] for mark in table["mark"].to_pylist()), ">u2")
    return first.astype(np.int64) >> (16 - _BITS)
