"""Counts what a batch adds to `statistics.json`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beam_jobs.records.sequencer import SequencedBatch
from beam_jobs.records.shard_rows import ShardRows
from beam_jobs.runtime.packing import row_lengths
from preprocess.artifact.layout import bucket_name
from preprocess.artifact.number_statistics import NumberStatistics
from preprocess.artifact.record_layout import RecordLayout
from preprocess.artifact.statistics import BucketStatistics, FeatureStatistics, SplitStatistics
from preprocess.spec import Spec


def batch_statistics(
    batch: SequencedBatch, buckets: NDArray[np.int64], records: RecordLayout
) -> SplitStatistics:
    """The statistics of the records of one batch.

    Args:
      batch: rows of one split.
      buckets: bucket index of each row.
      records: what the columns are.
    """
    rows, spec, plan = batch.rows, records.spec, records.buckets
    by = row_lengths(rows.column(plan.by))
    return SplitStatistics(
        records=rows.num_rows,
        features={
            name: FeatureStatistics(
                tokens=batch.totals[name].tokens,
                oov=batch.totals[name].oov,
                longest=batch.totals[name].longest,
                lengths=_histogram(row_lengths(rows.column(name))),
            )
            for name in spec.text_features
        },
        labels={
            name: _histogram(_classes(rows.column(name)))
            for name, label in spec.labels.items()
            if label.has_classes
        },
        buckets={
            bucket_name(plan.boundaries[b]): _bucket(by[buckets == b], plan.boundaries[b])
            for b in np.unique(buckets)
        },
    )


def number_statistics(rows: ShardRows, spec: Spec) -> dict[str, NumberStatistics]:
    """The statistics of every number label; in the order of the rows, as sums are rounded."""
    return {
        name: NumberStatistics.of(_numbers(rows.column(name)))
        for name, label in spec.labels.items()
        if not label.has_classes and len(rows)
    }


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float32]:
    """float32 (rows,), or (rows, size) of lists of one length."""
    rows = len(column)
    flat = pc.list_flatten(column) if pa.types.is_list(column.type) else column
    numbers: NDArray[np.float32] = flat.to_numpy()
    return numbers.reshape(rows, -1)


def _bucket(lengths: NDArray[np.int64], boundary: int) -> BucketStatistics:
    return BucketStatistics(
        records=len(lengths), tokens=int(lengths.sum()), padded_tokens=len(lengths) * boundary
    )


def _histogram(values: NDArray[np.int64]) -> dict[int, int]:
    unique, counts = np.unique(values, return_counts=True)
    return dict(zip(unique.tolist(), counts.tolist(), strict=True))


def _classes(column: pa.Array) -> NDArray[np.int64]:
    flat = column.flatten() if pa.types.is_list(column.type) else column
    classes: NDArray[np.int64] = flat.to_numpy(zero_copy_only=False)
    return classes
