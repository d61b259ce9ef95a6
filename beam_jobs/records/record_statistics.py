"""Counts for `statistics.json`, as nested mappings of numbers that add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beam_jobs.records.sequencer import SequencedBatch
from beam_jobs.runtime.packing import row_lengths
from preprocess.artifact.layout import bucket_name
from preprocess.spec import BinaryLabel, CategoryLabel, MultilabelLabel, Spec

NestedCounts = dict[str, Any]


def batch_statistics(
    batch: SequencedBatch, buckets: NDArray[np.int64], boundaries: list[int], spec: Spec
) -> NestedCounts:
    """The statistics of the records of one batch.

    Args:
      batch: rows of one split.
      buckets: bucket index of each row.
      boundaries: of the buckets, in tokens.
      spec: what the columns are.

    Returns:
      records; features: tokens and oov (before cutting), lengths (histogram after it); labels:
      count by class; buckets: records, tokens (after cutting) and padded tokens of the bucket
      feature.
    """
    rows = batch.rows
    by = row_lengths(rows.column(spec.bucket_feature))
    return {
        "records": rows.num_rows,
        "features": {
            name: {
                "tokens": batch.totals[name].tokens,
                "oov": batch.totals[name].oov,
                "lengths": _histogram(row_lengths(rows.column(name))),
            }
            for name in spec.text_features
        },
        "labels": {
            name: _histogram(_classes(rows.column(name)))
            for name, label in spec.labels.items()
            if isinstance(label, BinaryLabel | CategoryLabel | MultilabelLabel)
        },
        "buckets": {
            bucket_name(boundaries[b]): {
                "records": int((buckets == b).sum()),
                "tokens": int(by[buckets == b].sum()),
                "padded_tokens": int((buckets == b).sum()) * boundaries[b],
            }
            for b in np.unique(buckets)
        },
    }


def add(first: NestedCounts, second: Mapping[str, Any]) -> NestedCounts:
    """Adds `second` to `first`, key by key, in place."""
    for key, value in second.items():
        if isinstance(value, Mapping):
            add(first.setdefault(key, {}), value)
        else:
            first[key] = first.get(key, 0) + value
    return first


class MergeCounts(beam.CombineFn):
    """Adds the nested counts of batches up."""

    def create_accumulator(self) -> NestedCounts:
        return {}

    def add_input(self, accumulator: NestedCounts, counts: NestedCounts) -> NestedCounts:
        return add(accumulator, counts)

    def merge_accumulators(self, accumulators: Iterable[NestedCounts]) -> NestedCounts:
        merged: NestedCounts = {}
        for accumulator in accumulators:
            add(merged, accumulator)
        return merged

    def extract_output(self, accumulator: NestedCounts) -> NestedCounts:
        return accumulator


def _histogram(values: NDArray) -> dict[str, int]:
    unique, counts = np.unique(values, return_counts=True)
    return {str(value): int(count) for value, count in zip(unique, counts, strict=True)}


def _classes(column: pa.Array) -> NDArray:
    flat = column.flatten() if pa.types.is_list(column.type) else column
    return flat.to_numpy(zero_copy_only=False)
