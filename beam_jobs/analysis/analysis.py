"""One pass over the rows that gives everything the transform graph needs to know.

tf.Transform's own vocabulary analyzer needs a second pass over the texts for the transform. Here
the analyzer also keeps what the graph made of every row, so that the transform looks up unique
tokens instead of tokenizing again.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import tensorflow as tf

from beam_jobs.analysis.analysis_columns import analysis_columns
from beam_jobs.analysis.collect_tokens import CollectTokens, asset_names
from beam_jobs.analysis.scales import CollectScales
from beam_jobs.job import Job
from beam_jobs.runtime.beam_transform import tft, tft_beam
from preprocess.core.row_position import SPLIT
from preprocess.graph.lookup import SENTINEL
from preprocess.graph.preprocessing import AnalyzedTensors, BytesOfTokens, Columns, preprocessing_fn

# What tf.Transform takes for each asset before the words are known; no table reads it.
_EMPTY_ASSET = f"{SENTINEL}\n".encode()


class AnalysisOutputs(NamedTuple):
    """What the analysis gives.

    Attributes:
      transform_fn: tf.Transform's transform function, a model and its metadata.
      tokenized: references to packed `TokenizedBatch`es of every row.
      assets: (name, `Asset`) of each vocabulary, and of each label that learns classes.
      scales: (name, (shift, factor)) of each numeric feature.
    """

    transform_fn: tuple[beam.PCollection[Any], Any]
    tokenized: beam.PCollection[Any]
    assets: beam.PCollection[Any]
    scales: beam.PCollection[Any]


class Analyze(beam.PTransform[beam.PCollection[Any], AnalysisOutputs]):
    """Batches of raw rows to `AnalysisOutputs`."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def expand(self, batches: beam.PCollection[Any]) -> AnalysisOutputs:
        """Builds the stages."""
        raw, analyzers = self._job.raw, _Analyzers(self._job)
        tensors = batches | "AsTensors" >> beam.Map(raw.feed).with_output_types(pa.RecordBatch)
        traced = functools.partial(preprocessing_fn, spec=self._job.spec, analyze=analyzers)
        with tft_beam.Context(temp_dir=f"{self._job.layout.workspace}/transform"):
            transform_fn = (tensors, raw.config()) | "Traced" >> tft_beam.AnalyzeDataset(traced)
        scales = (
            analyzers.scales.collected.take()
            if self._job.spec.numeric_features
            else batches.pipeline | "NoScales" >> beam.Create([], reshuffle=False)
        )
        return AnalysisOutputs(transform_fn, *analyzers.tokens.collected.take(), scales)


class _Analyzers:
    """What `preprocessing_fn` asks for statistics."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.tokens = CollectTokens(job)
        self.scales = CollectScales(job)

    def __call__(self, inputs: Columns, tokens: BytesOfTokens) -> AnalyzedTensors:
        """The statistics as tensors that tf.Transform fills in once they are known."""
        paths = self._paths(inputs, tokens)
        return AnalyzedTensors(
            vocabularies={name: paths[name] for name in self._job.spec.vocabularies},
            classes={name: paths[name] for name in self._job.spec.class_labels},
            scales=self._scale_tensors(inputs),
        )

    def _paths(self, inputs: Columns, tokens: BytesOfTokens) -> dict[str, tf.Tensor]:
        """Path of the asset of each vocabulary and class label."""
        names, columns = asset_names(self._job), analysis_columns(self._job)
        paths = tft.experimental.ptransform_analyzer(
            [tensor for column in columns for tensor in column.tensors(inputs, tokens)],
            self.tokens,
            output_dtypes=[tf.string] * len(names),
            output_shapes=[[]] * len(names),
            output_asset_default_values=[_EMPTY_ASSET] * len(names),
        )
        return dict(zip(names, paths, strict=True))

    def _scale_tensors(self, inputs: Columns) -> dict[str, tf.Tensor]:
        # An analyzer of its own: tf.Transform takes either assets from one, or none.
        names = list(self._job.spec.numeric_features)
        if not names:
            return {}
        scales = tft.experimental.ptransform_analyzer(
            [inputs[SPLIT], *(inputs[name] for name in names)],
            self.scales,
            output_dtypes=[tf.float64] * len(names),
            output_shapes=[[2]] * len(names),
        )
        return dict(zip(names, scales, strict=True))
