"""Length histograms of the transformed sequences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apache_beam as beam
import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from beam_jobs.records.plan import Histograms
from beam_jobs.sequencer import SequencedBatch


def measure_lengths(batch: SequencedBatch, features: Iterable[str]) -> Iterator[Histograms]:
    """The histograms of one batch; none of an empty one."""
    if batch.rows.num_rows:
        yield {
            (batch.split, name): np.bincount(pc.list_value_length(batch.rows.column(name)))
            for name in features
        }


class MergeHistograms(beam.CombineFn):
    """Adds histograms up."""

    def create_accumulator(self) -> dict[tuple[int, str], NDArray[np.int64]]:
        return {}

    def add_input(self, accumulator: dict, histograms: Histograms) -> dict:
        for key, histogram in histograms.items():
            accumulator[key] = _sum(accumulator.get(key), histogram)
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[dict]) -> dict:
        merged = self.create_accumulator()
        for accumulator in accumulators:
            self.add_input(merged, accumulator)
        return merged

    def extract_output(self, accumulator: dict) -> dict:
        return accumulator


def _sum(first: NDArray | None, second: NDArray) -> NDArray:
    if first is None:
        return second
    long, short = (first, second) if len(first) >= len(second) else (second, first)
    total = long.copy()
    total[: len(short)] += short
    return total
