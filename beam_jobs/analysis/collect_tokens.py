"""Batches of analysis tensors to word indexes and classes; the rows are kept on the way."""

from __future__ import annotations

from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np

from beam_jobs.analysis.analyze_batches import CLASSES, TOKENS, AnalyzeBatches
from beam_jobs.analysis.handover import Handover
from beam_jobs.analysis.vocabulary_files import write_classes, write_vocabulary
from beam_jobs.analysis.vocabulary_parts import MergeParts
from beam_jobs.job import Job


class CollectedTokens(NamedTuple):
    """What is known of tokens and classes.

    Attributes:
      tokenized: references to packed `TokenizedBatch`es of every row.
      assets: (name, `Asset`) of each vocabulary, and of each label that learns classes.
    """

    tokenized: beam.PCollection[Any]
    assets: beam.PCollection[Any]


class CollectTokens(beam.PTransform[beam.PCollection[Any], tuple[beam.PCollection[Any], ...]]):
    """Batches of analysis tensors to the path of each asset, in the order of `asset_names`."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        self.collected: Handover[CollectedTokens] = Handover()

    def expand(self, batches: beam.PCollection[Any]) -> tuple[beam.PCollection[Any], ...]:
        """Builds the stages, and hands over `CollectedTokens`."""
        found = batches | "AnalyzeBatches" >> beam.ParDo(AnalyzeBatches(self._job)).with_outputs(
            TOKENS, CLASSES, main="tokenized"
        )
        assets = {**self._vocabularies(found[TOKENS]), **self._classes(found[CLASSES])}
        named = [
            asset | f"NamedAsset[{name}]" >> beam.Map(lambda asset, name: (name, asset), name)
            for name, asset in assets.items()
        ]
        self.collected.give(CollectedTokens(found["tokenized"], named | "Assets" >> beam.Flatten()))
        return tuple(
            asset | f"AsArray[{name}]" >> beam.Map(lambda found: np.array(found.path))
            for name, asset in assets.items()
        )

    def _vocabularies(self, tables: beam.PCollection[Any]) -> dict[str, beam.PCollection[Any]]:
        vocabularies = self._job.spec.vocabularies
        parts = (
            tables
            | "GroupByTokenHash" >> beam.GroupByKey()
            | "MergeParts" >> beam.ParDo(MergeParts(self._job))
        )
        written = {}
        for name, vocabulary in vocabularies.items():
            of_name = beam.pvalue.AsIter(parts | f"Parts[{name}]" >> beam.FlatMap(_values_of, name))
            written[name] = (
                tables.pipeline
                | f"Vocabulary[{name}]" >> beam.Create([name], reshuffle=False)
                | f"WriteVocabulary[{name}]"
                >> beam.Map(write_vocabulary, of_name, vocabulary, self._job.layout)
            )
        return written

    def _classes(self, counts: beam.PCollection[Any]) -> dict[str, beam.PCollection[Any]]:
        written = {}
        for name in self._job.spec.class_labels:
            of_name = counts | f"Counts[{name}]" >> beam.FlatMap(_values_of, name)
            written[name] = (
                counts.pipeline
                | f"Classes[{name}]" >> beam.Create([name], reshuffle=False)
                | f"WriteClasses[{name}]"
                >> beam.Map(write_classes, beam.pvalue.AsIter(of_name), self._job.layout)
            )
        return written


def asset_names(job: Job) -> list[str]:
    """The vocabularies, and the labels that learn classes; no two share a name."""
    return [*job.spec.vocabularies, *job.spec.class_labels]


def _values_of(item: tuple[str, Any], name: str) -> list[Any]:
    return [item[1]] if item[0] == name else []
