"""Assigns records to (split, bucket, shard): to the shard by a fingerprint of their content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindows
from numpy.typing import NDArray

from beam_jobs.job import Job
from beam_jobs.records.example_encoder import ExampleEncoder
from beam_jobs.records.record_plan import RecordPlan
from beam_jobs.records.record_statistics import batch_statistics
from beam_jobs.records.sequencer import SequencedBatch
from beam_jobs.records.shard_rows import HIGH, LOW, concat
from beam_jobs.runtime.packing import pack_table, row_lengths
from beam_jobs.runtime.spill import Reference, Spill
from preprocess.artifact.record_layout import RecordLayout
from preprocess.artifact.statistics import SplitStatistics
from preprocess.core.buckets import bucket_of
from preprocess.core.row_position import ROW

RECORDS_STATISTICS, UNKNOWN = "statistics", "unknown_classes"

ShardKey = tuple[int, int, int]

# Bytes that a bundle holds back, so that few and large chunks cross the shuffle.
_FLUSH_ABOVE = 64 << 20


class AssignShards(beam.DoFn):
    """Sequenced batches to chunks of shards.

    Yields:
      main: ((split, bucket, shard), `Reference` to packed rows with `_high` and `_low`, their
        fingerprint). For every shard there is a None, so that one without records is written too.
      RECORDS_STATISTICS: (split index, `SplitStatistics`).
      UNKNOWN: `UnknownClass` of each row that is left out.
    """

    def __init__(self, job: Job) -> None:
        self._folder = f"{job.layout.workspace}/chunks"

    def start_bundle(self) -> None:
        self._spill = Spill(self._folder)
        self._empty: set[ShardKey] = set()
        self._chunks: dict[ShardKey, list[pa.Table]] = defaultdict(list)
        self._held = 0
        self._statistics: dict[int, SplitStatistics] = defaultdict(SplitStatistics)

    def process(self, batch: SequencedBatch, plan: RecordPlan) -> Iterator[Any]:
        if not self._empty:
            self._empty.update(_all_keys(plan))
        for unknown in batch.unknown:
            yield beam.pvalue.TaggedOutput(UNKNOWN, unknown)
        if batch.rows.num_rows:
            self._add(batch, plan)
        if self._held > _FLUSH_ABOVE:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[Any]:
        empty = [(key, None) for key in sorted(self._empty)]
        for chunk in [*self._flush(), *empty]:
            yield GlobalWindows.windowed_value(chunk)
        self._spill.close()
        for counted in self._statistics.items():
            value = GlobalWindows.windowed_value(counted)
            yield beam.pvalue.TaggedOutput(RECORDS_STATISTICS, value)

    def _add(self, batch: SequencedBatch, plan: RecordPlan) -> None:
        records, by = plan.layout, plan.layout.buckets.by
        lengths = row_lengths(batch.rows.column(by))
        buckets = bucket_of(lengths, records.buckets.boundaries)
        self._statistics[batch.split] += batch_statistics(batch, buckets, records)
        rows = _with_fingerprints(batch.rows, records)
        shards = rows[HIGH].to_numpy() % np.asarray(plan.shards[batch.split])[buckets]
        for key, chosen in _groups(batch.split, buckets, shards):
            self._chunks[key].append(rows.take(chosen))
        self._held += rows.nbytes

    def _flush(self) -> Iterator[tuple[ShardKey, Reference]]:
        for key, tables in self._chunks.items():
            yield key, self._spill.write(pack_table(concat(tables)))
        self._chunks.clear()
        self._held = 0


def _with_fingerprints(rows: pa.RecordBatch, records: RecordLayout) -> pa.Table:
    high, low = ExampleEncoder(records).fingerprints(rows)
    table = pa.Table.from_batches([rows]).drop_columns([ROW])
    return table.append_column(HIGH, pa.array(high)).append_column(LOW, pa.array(low))


def _all_keys(plan: RecordPlan) -> Iterator[ShardKey]:
    for split, buckets in enumerate(plan.shards):
        for bucket, shards in enumerate(buckets):
            yield from ((split, bucket, shard) for shard in range(shards))


def _groups(
    split: int, buckets: NDArray[np.int64], shards: NDArray[np.int64]
) -> Iterator[tuple[ShardKey, NDArray[np.int64]]]:
    """The rows of each (split, bucket, shard)."""
    order = np.lexsort((shards, buckets))
    pairs = np.stack([buckets[order], shards[order]])
    starts = np.flatnonzero(np.append(True, (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)))
    for start, chosen in zip(starts, np.split(order, starts[1:]), strict=True):
        yield (split, int(pairs[0, start]), int(pairs[1, start])), chosen
