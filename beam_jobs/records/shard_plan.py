"""How many files the records of a split and bucket are dealt out to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.record_layout import RecordLayout
from preprocess.core.buckets import bucket_of
from preprocess.spec.output import MAX_FILES

SHARD_BYTES = 128 << 20
"""Padded bytes of the records of a shard."""

# Of a value, as padded ids are held while they are encoded: int64.
_VALUE_BYTES = 8


def shards_of_split(histogram: NDArray[np.int64], records: RecordLayout) -> list[int]:
    """The number of shards of each bucket of a split: fixed by the spec, or by size.

    Args:
      histogram: number of sequences of each length of the bucket feature.
      records: what a record holds.
    """
    boundaries, shards = records.buckets.boundaries, records.spec.output.shards
    if shards != "auto":
        return [shards] * len(boundaries)
    lengths = np.flatnonzero(histogram)
    counted = np.zeros(len(boundaries), np.int64)
    np.add.at(counted, bucket_of(lengths, boundaries), histogram[lengths])
    return shards_by_size(counted.tolist(), [padded_bytes(records, b) for b in boundaries])


def padded_bytes(records: RecordLayout, boundary: int) -> int:
    """The size of a record of the bucket `boundary`: 8 bytes for each value.

    Values are ids, padding included, lengths, numbers, the zeros and ones of a multilabel, and kept
    columns. The ids that a worker holds of a shard are narrower and not padded, and what it writes
    of them is shorter, so that this bounds both but for records of few values, which take about 40
    bytes in memory at least, and for kept strings, whose lengths no histogram knows.
    """
    return _VALUE_BYTES * records.values(boundary)


def shards_by_size(records: Sequence[int], record_bytes: Sequence[int]) -> list[int]:
    """Shards of `SHARD_BYTES`, at least one for each bucket.

    They are larger where `MAX_FILES` would not hold the split otherwise.

    Args:
      records: of each bucket of a split.
      record_bytes: of one record of each.
    """
    sizes = [count * size for count, size in zip(records, record_bytes, strict=True)]
    # Rounding up adds one file a bucket at most.
    least = -(-sum(sizes) // (MAX_FILES - len(sizes)))
    shard_bytes = max(SHARD_BYTES, least)
    return [max(1, -(-size // shard_bytes)) for size in sizes]
