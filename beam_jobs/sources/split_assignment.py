"""Assigns rows to splits.

By column: the value, as text, is looked up in the spec's map.
By hash: the first 8 bytes, big-endian, of BLAKE2b (digest_size=8) of the value's UTF-8 text, as a
fraction of 2^64, are compared with the cumulative fractions in the order of the spec. Integers
count as their decimal digits and booleans as false and true, so that a value's split depends
neither on the platform nor on the file format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.inputs import split_of
from preprocess.spec import TRAIN, ColumnSplit, HashSplit, Spec


def split_names(spec: Spec, files: Sequence[SourceFile]) -> list[str]:
    """The splits that `_split` of a batch indexes.

    Those of the spec in its order; without `splits` in the spec those of `--input` in the order of
    their first file, train first.
    """
    if spec.splits is not None:
        return spec.splits.names
    found = list(dict.fromkeys(split_of(file) for file in files))
    return sorted(found, key=lambda name: name != TRAIN)


def assign_splits(values: pa.Array, splits: ColumnSplit | HashSplit) -> pa.Array:
    """The split of each row.

    Args:
      values: binary, the split column's values; null where one cannot be used.
      splits: how the spec splits.

    Returns:
      int32 indices into `splits.names`; null where the map lacks the value.
    """
    if isinstance(splits, ColumnSplit):
        return _by_column(values, splits)
    encoded = values.dictionary_encode()
    indices = [hash_split(value, splits.fractions) for value in encoded.dictionary.to_pylist()]
    return pa.array(indices, pa.int32()).take(encoded.indices)


def hash_split(value: bytes, fractions: dict[str, float]) -> int:
    """The index of the split of `value`, bytes in UTF-8."""
    digest = int.from_bytes(hashlib.blake2b(value, digest_size=8).digest(), "big")
    bounds = [round(bound * 2**64) for bound in accumulate(fractions.values())]
    # The last split takes what rounding leaves above its bound.
    return next((i for i, bound in enumerate(bounds[:-1]) if digest < bound), len(bounds) - 1)


def _by_column(values: pa.Array, splits: ColumnSplit) -> pa.Array:
    keys = pa.array([key.encode() for key in splits.map], pa.binary())
    targets = [splits.names.index(name) for name in splits.map.values()]
    found = pc.index_in(values, value_set=keys, skip_nulls=True)
    return pa.array(np.array(targets, np.int32)).take(found)
