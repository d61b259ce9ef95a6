"""Shift and factor of numeric features, from an exact sum over the train split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
from numpy.typing import NDArray

from beam_jobs.analysis.moments import Moments
from preprocess.spec import NumericFeature


class CollectScales(beam.PTransform):
    """Batches of (splits, values of each feature ...) to shift and factor of each feature."""

    def __init__(self, features: dict[str, NumericFeature], train: int) -> None:
        super().__init__()
        self._features = features
        self._train = train
        self.scales: dict[str, beam.PCollection] = {}

    def __getstate__(self) -> dict[str, Any]:
        # tf.Transform pickles the preprocessing_fn, and us with it, to trace it again on a worker.
        return {**self.__dict__, "scales": {}}

    def expand(self, batches: beam.PCollection) -> tuple[beam.PCollection, ...]:
        moments = (
            batches
            | "Moments" >> beam.FlatMap(_batch_moments, list(self._features), self._train)
            | "MergeMoments" >> beam.CombinePerKey(_total)
        )
        for name, feature in self._features.items():
            of_name = moments | f"Moments[{name}]" >> beam.Filter(
                lambda item, name: item[0] == name, name
            )
            self.scales[name] = (
                batches.pipeline
                | f"Feature[{name}]" >> beam.Create([feature], reshuffle=False)
                | f"Scale[{name}]" >> beam.Map(_scale, beam.pvalue.AsIter(of_name))
            )
        return tuple(
            scale | f"AsArray[{name}]" >> beam.Map(np.array) for name, scale in self.scales.items()
        )


def _batch_moments(
    batch: tuple[NDArray, ...], names: list[str], train: int
) -> Iterator[tuple[str, Moments]]:
    splits, *columns = batch
    for name, values in zip(names, columns, strict=True):
        yield name, Moments.of(values[splits == train])


def _total(moments: Iterable[Moments]) -> Moments:
    return sum(moments, Moments())


def _scale(feature: NumericFeature, moments: Iterable[tuple[str, Moments]]) -> tuple[float, float]:
    return _total(found for _, found in moments).shift_and_factor(feature)
