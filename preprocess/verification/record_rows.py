"""Records in a form that can be compared: arrays of many rows, and a digest for each row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preprocess.artifact.manifest import Manifest
from preprocess.spec import CategoryLabel, MultilabelLabel, TextFeature
from preprocess.spec.features import length_key

Values = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Place:
    """Where a row comes from, for messages: such as `reviews.jsonl`, "byte", 1024."""

    file: str
    unit: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}, {self.unit} {self.number}"


@dataclass(frozen=True)
class RecordRows:
    """Rows of one split and bucket, as they are or should be in its records.

    Attributes:
      split: name of the split.
      boundary: of the bucket.
      values: by key of a record; every array has a row for each record.
      places: where each row comes from.
    """

    split: str
    boundary: int
    values: Values
    places: list[Place]

    def digests(self) -> list[bytes]:
        """16 bytes for each row: equal if and only if split, bucket and all values are."""
        prefix = f"{self.split}/{self.boundary}".encode()
        columns = [self.values[name] for name in sorted(self.values)]
        return [_digest(prefix, [column[i] for column in columns]) for i in range(len(self.places))]

    def row(self, index: int) -> Values:
        """The values of one row."""
        return {name: column[index] for name, column in self.values.items()}


def _digest(prefix: bytes, values: list[NDArray[Any] | bytes]) -> bytes:
    digest = hashlib.blake2b(prefix, digest_size=16)
    for value in values:
        data = value if isinstance(value, bytes) else value.tobytes()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.digest()


def expected_rows(
    batch: pa.RecordBatch, answer: Mapping[str, NDArray[Any]], manifest: Manifest
) -> Iterator[tuple[NDArray[np.int64], int, Values]]:
    """The records that a batch of source rows should have become.

    Args:
      batch: canonical rows of one split.
      answer: what `serving/` answers to its feature columns.
      manifest: of the artifact.

    Yields:
      For each bucket the rows of the batch that belong to it, its boundary, and their values;
      rows whose class the train split lacks are left out.
    """
    spec, plan = manifest.spec, manifest.buckets
    labels, known = _labels(batch, manifest)
    buckets = np.searchsorted(plan.boundaries, answer[length_key(plan.by)])
    for bucket in np.unique(buckets[known]):
        chosen = np.flatnonzero((buckets == bucket) & known)
        # A length beyond the last bucket has no record; 0 is the boundary of no bucket.
        boundary = plan.boundaries[bucket] if bucket < len(plan.boundaries) else 0
        values = {name: column[chosen] for name, column in labels.items()}
        values |= _features(answer, chosen, boundary, manifest)
        values |= {name: _numpy(batch.column(name))[chosen] for name in spec.kept}
        yield chosen, boundary, values


def known_values(batch: pa.RecordBatch, manifest: Manifest) -> Values:
    """What the records of a batch hold that needs no graph: labels, and kept columns."""
    labels, _ = _labels(batch, manifest)
    return labels | {name: _numpy(batch.column(name)) for name in manifest.spec.kept}


def _features(
    answer: Mapping[str, NDArray[Any]], chosen: NDArray[np.int64], boundary: int, manifest: Manifest
) -> Values:
    values = {}
    for name, feature in manifest.spec.features.items():
        values[name] = answer[name][chosen]
        if isinstance(feature, TextFeature):
            width = manifest.buckets.padded_length(name, boundary)
            values[name] = _resized(values[name], width, feature.padding)
            values[length_key(name)] = answer[length_key(name)][chosen]
    return values


def _resized(ids: NDArray[np.int64], width: int, side: str) -> NDArray[np.int64]:
    """Padded to another width; never cuts off anything but padding."""
    extra = width - ids.shape[1]
    if extra >= 0:
        return np.pad(ids, ((0, 0), (0, extra) if side == "post" else (extra, 0)))
    dropped = ids[:, width:] if side == "post" else ids[:, :-width]
    if dropped.any():
        return ids
    return ids[:, :width] if side == "post" else ids[:, -width:]


def _labels(batch: pa.RecordBatch, manifest: Manifest) -> tuple[Values, NDArray[np.bool_]]:
    """Label values as in a record, and the rows whose classes are all known."""
    values, known = {}, np.ones(batch.num_rows, bool)
    for name, label in manifest.spec.labels.items():
        column = batch.column(name)
        if isinstance(label, CategoryLabel | MultilabelLabel):
            index = {c.encode(): i for i, c in enumerate(manifest.classes[name])}
            is_list = isinstance(label, MultilabelLabel)
            rows = [classes if is_list else [classes] for classes in column.to_pylist()]
            known &= np.array([all(c in index for c in classes) for classes in rows], bool)
            encode = _multi_hot if is_list else _indices
            values[name] = encode(rows, index)
        else:
            values[name] = _numpy(column)
    return values, known


def _indices(rows: list[list[bytes]], index: dict[bytes, int]) -> NDArray[np.int64]:
    return np.array([index.get(name, -1) for [name] in rows], np.int64)


def _multi_hot(rows: list[list[bytes]], index: dict[bytes, int]) -> NDArray[np.int64]:
    hot = np.zeros((len(rows), len(index)), np.int64)
    for row, names in enumerate(rows):
        hot[row, [index[name] for name in names if name in index]] = 1
    return hot


def _numpy(column: pa.Array) -> NDArray[Any]:
    if pa.types.is_list(column.type):
        return np.array(column.to_pylist(), np.float32)
    if pa.types.is_binary(column.type):
        return np.array(column.to_pylist(), object)
    array: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return array
