"""Shift and factor of numeric features, from an exact sum over the train split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
from numpy.typing import NDArray

from beam_jobs.analysis.handover import Handover
from beam_jobs.analysis.moments import Moments
from beam_jobs.job import Job
from preprocess.spec import NumericFeature


class CollectScales(beam.PTransform[beam.PCollection[Any], tuple[beam.PCollection[Any], ...]]):
    """Batches of (splits, values of each feature ...) to shift and factor of each feature."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        self.collected: Handover[beam.PCollection[Any]] = Handover()

    def expand(self, batches: beam.PCollection[Any]) -> tuple[beam.PCollection[Any], ...]:
        """Builds the stages, and hands over (name, (shift, factor)) of each feature."""
        features = self._job.spec.numeric_features
        moments = (
            batches
            | "Moments" >> beam.FlatMap(_batch_moments, list(features), self._job.train)
            | "MergeMoments" >> beam.CombinePerKey(_total)
        )
        scales = {name: _scale_of(moments, name, feature) for name, feature in features.items()}
        named = [
            scale | f"NamedScale[{name}]" >> beam.Map(lambda scale, name: (name, scale), name)
            for name, scale in scales.items()
        ]
        self.collected.give(named | "Scales" >> beam.Flatten())
        return tuple(
            scale | f"AsArray[{name}]" >> beam.Map(np.array) for name, scale in scales.items()
        )


def _scale_of(
    moments: beam.PCollection[Any], name: str, feature: NumericFeature
) -> beam.PCollection[Any]:
    of_name = moments | f"Moments[{name}]" >> beam.Filter(lambda item, name: item[0] == name, name)
    scale: beam.PCollection[Any] = (
        moments.pipeline
        | f"Feature[{name}]" >> beam.Create([feature], reshuffle=False)
        | f"Scale[{name}]" >> beam.Map(_scale, beam.pvalue.AsIter(of_name))
    )
    return scale


def _batch_moments(
    batch: tuple[NDArray[Any], ...], names: list[str], train: int
) -> Iterator[tuple[str, Moments]]:
    splits, *columns = batch
    for name, values in zip(names, columns, strict=True):
        yield name, Moments.of(values[splits == train])


def _total(moments: Iterable[Moments]) -> Moments:
    return sum(moments, Moments())


def _scale(feature: NumericFeature, moments: Iterable[tuple[str, Moments]]) -> tuple[float, float]:
    return _total(found for _, found in moments).shift_and_factor(feature)
