"""Length histograms of the transformed sequences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apache_beam as beam
import numpy as np
from numpy.typing import NDArray

from beam_jobs.records.record_plan import Histograms

Counted = dict[tuple[int, str], NDArray[np.int64]]


def histograms(split: int, lengths: Mapping[str, NDArray[np.int64]]) -> Histograms:
    """The length histograms of one batch.

    Args:
      split: index of the split of its rows.
      lengths: tokens of each row, by text feature.
    """
    return {(split, name): np.bincount(of_rows) for name, of_rows in lengths.items()}


class MergeHistograms(beam.CombineFn):
    """Adds length histograms up."""

    def create_accumulator(self) -> Counted:
        return {}

    def add_input(self, accumulator: Counted, histograms: Histograms) -> Counted:
        for key, histogram in histograms.items():
            accumulator[key] = _sum(accumulator.get(key), histogram)
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[Counted]) -> Counted:
        merged = self.create_accumulator()
        for accumulator in accumulators:
            self.add_input(merged, accumulator)
        return merged

    def extract_output(self, accumulator: Counted) -> Counted:
        return accumulator


def _sum(first: NDArray[np.int64] | None, second: NDArray[np.int64]) -> NDArray[np.int64]:
    if first is None:
        return second
    long, short = (first, second) if len(first) >= len(second) else (second, first)
    total = long.copy()
    total[: len(short)] += short
    return total
