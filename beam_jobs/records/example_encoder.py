"""Rows to serialized tf.train.Examples, padded or not; the keys of a record in sorted order."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import tensorflow as tf
from numpy.typing import NDArray
from tfx_bsl.coders.example_coder import RecordBatchToExamples

from beam_jobs.runtime.packing import lists, row_lengths
from preprocess.artifact.record_layout import RecordLayout
from preprocess.core.columns import RecordColumn

# Two halves of a 128-bit fingerprint: records that differ never tie.
_KEYS = (0x746578742D746F2D, 0x73657175656E6365)
_BELOW = 2**63 - 1

# Rows that are encoded at a time, and the numbers that they may have together: 8 MB of int64.
_CHUNK_ROWS = 1_024
_CHUNK_NUMBERS = 1_000_000

# Of `tf.train.Example.features`: field 1, with a length.
_TAG = b"\x0a"


@dataclass(frozen=True)
class ExampleEncoder:
    """Encodes rows of `SequencedBatch` as records."""

    records: RecordLayout

    def examples(self, rows: pa.RecordBatch, boundary: int | None) -> list[bytes]:
        """Serialized records.

        Args:
          rows: the columns of a record but the lengths; other columns are left out.
          boundary: bucket that the sequences are padded for; None: not padded at all.
        """
        return [_merged(features) for features in zip(*self._features(rows, boundary), strict=True)]

    def chunk_rows(self, boundary: int | None) -> int:
        """Rows whose records hold a bounded number of numbers, at least one, however wide it is.

        Args:
          boundary: as for `examples`.
        """
        return max(1, min(_CHUNK_ROWS, _CHUNK_NUMBERS // self.records.values(boundary)))

    def fingerprints(self, rows: pa.RecordBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """A seeded 126-bit fingerprint of the content of each row, in two halves.

        It is SipHash of the features of the unpadded record (`tf.strings.to_hash_bucket_strong`).
        """
        step = self.chunk_rows(None)
        parts = [self._hashed(rows.slice(start, step)) for start in range(0, len(rows) or 1, step)]
        high, low = (np.concatenate(halves) for halves in zip(*parts, strict=True))
        return high, low

    def _hashed(self, rows: pa.RecordBatch) -> list[NDArray[np.int64]]:
        features = [tf.constant(column, tf.string) for column in self._features(rows, None)]
        content = tf.strings.join(features)  # unambiguous: each begins with its length
        seed = self.records.spec.output.seed
        return [
            tf.strings.to_hash_bucket_strong(content, _BELOW, [seed, key]).numpy() for key in _KEYS
        ]

    def _features(self, rows: pa.RecordBatch, boundary: int | None) -> list[list[bytes]]:
        """For each key of a record, in sorted order, an Example of it alone for each row.

        A protobuf map has no order of its own: encoded whole, equal rows would differ in bytes.
        """
        columns = self.records.columns(boundary or self.records.buckets.boundaries[0])
        arrays = {
            key: self._array(column, rows.column(column.source), padded=boundary is not None)
            for key, column in columns.items()
        }
        return [
            RecordBatchToExamples(pa.RecordBatch.from_arrays([arrays[key]], [key]))
            for key in sorted(arrays)
        ]

    def _array(self, column: RecordColumn, values: pa.Array, padded: bool) -> pa.Array:
        """What is written of a column: a list array."""
        match column.encoding:
            case "ids":
                if not padded:
                    return values.cast(pa.list_(pa.int64()))
                side = self.records.spec.text_features[column.source].padding
                return pad_lists(values, column.shape[0], side)
            case "length":
                return _as_list(pa.array(row_lengths(values)))
            case "multi_hot":
                return multi_hot(values, column.shape[0])
        return _as_list(values)


def _merged(examples: Sequence[bytes]) -> bytes:
    """One Example with the features of all, in their order.

    An Example is one field: a tag, the length as a varint, and the entries of the feature map.
    """
    entries = b"".join([example[_header_size(len(example)) :] for example in examples])
    return b"".join((_TAG, _varint(len(entries)), entries))


@functools.lru_cache(maxsize=65_536)
def _header_size(size: int) -> int:
    """Bytes of tag and length of an Example of `size` bytes; a byte of a length holds 7 bits."""
    return 2 + sum(size > (1 << 7 * n) + n for n in range(1, 9))


@functools.lru_cache(maxsize=65_536)
def _varint(value: int) -> bytes:
    varint = bytearray()
    while value > 0x7F:
        varint.append(value & 0x7F | 0x80)
        value >>= 7
    varint.append(value)
    return bytes(varint)


def pad_lists(column: pa.Array, width: int, side: str) -> pa.Array:
    """Pads lists of ids with zeros.

    Args:
      column: list<uint>, none longer than `width`.
      width: tokens of every row afterwards.
      side: `post` or `pre`: the end that gets zeros.

    Returns:
      list<int64>, every row of `width` values.
    """
    lengths = row_lengths(column)
    places = np.arange(width)
    start = np.zeros_like(lengths) if side == "post" else width - lengths
    filled = (places >= start[:, None]) & (places < (start + lengths)[:, None])
    padded = np.zeros((len(column), width), np.int64)
    padded[filled] = column.flatten().to_numpy()
    return lists(padded.reshape(-1), np.full(len(column), width))


def multi_hot(column: pa.Array, classes: int) -> pa.Array:
    """Lists of class indices as lists of `classes` zeros and ones (int64)."""
    hot = np.zeros((len(column), classes), np.int64)
    hot[pc.list_parent_indices(column).to_numpy(), column.flatten().to_numpy()] = 1
    return lists(hot.reshape(-1), np.full(len(column), classes))


def _as_list(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        return column
    values = column.cast(pa.int64()) if pa.types.is_integer(column.type) else column
    return lists(values, np.ones(len(column), np.int32))
