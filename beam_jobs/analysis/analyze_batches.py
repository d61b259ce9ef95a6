"""The one DoFn that sees every batch of tokens: packs rows, and counts what `train` holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.transforms.window import GlobalWindows
from numpy.typing import NDArray

from beam_jobs.analysis.analysis_columns import Arrays, TokensColumn, analysis_columns
from beam_jobs.analysis.token_counter import PartKey, TokenCounters
from beam_jobs.analysis.token_counts import first_occurrences, global_rows, table_of
from beam_jobs.analysis.token_runs import Run
from beam_jobs.analysis.tokenized_batch import TokenizedBatch
from beam_jobs.analysis.vocabulary_parts import partitions, spill_folder
from beam_jobs.job import Job
from beam_jobs.runtime.packing import row_lengths
from beam_jobs.runtime.spill import Spill
from preprocess.core.row_position import ROW, SOURCE, SPLIT

TOKENS, CLASSES = "token_counts", "class_counts"


class AnalyzeBatches(beam.DoFn):
    """Tuples of analysis tensors to packed rows, and to counts of the train split.

    Yields:
      main: `Reference` to `TokenizedBatch.pack` of every batch.
      TOKENS: ((vocabulary, part), `Run` of token tables by hash).
      CLASSES: (label, {class: count}).
    """

    def __init__(self, job: Job) -> None:
        self._spec = job.spec
        self._columns = analysis_columns(job)
        self._names = [key for column in self._columns for key in column.keys]
        self._train = job.train
        self._partitions = partitions(job)
        self._workspace = job.layout.workspace

    def start_bundle(self) -> None:
        self._spill = Spill(f"{self._workspace}/tokenized")
        self._tokens = TokenCounters(spill_folder(self._workspace), self._partitions)
        self._classes: dict[str, Counter[bytes]] = defaultdict(Counter)

    def process(self, tensors: tuple[NDArray[Any], ...]) -> Iterator[Any]:
        arrays = dict(zip(self._names, tensors, strict=True))
        batch = TokenizedBatch.of(arrays, self._columns)
        yield self._spill.write(batch.pack())
        if int(arrays[SPLIT][0]) != self._train:
            return
        for run in self._count_tokens(arrays, batch):
            yield beam.pvalue.TaggedOutput(TOKENS, run)
        self._count_classes(arrays)

    def finish_bundle(self) -> Iterator[Any]:
        self._spill.close()
        for run in self._tokens.close():
            yield beam.pvalue.TaggedOutput(TOKENS, GlobalWindows.windowed_value(run))
        for name, counts in self._classes.items():
            value = GlobalWindows.windowed_value((name, dict(counts)))
            yield beam.pvalue.TaggedOutput(CLASSES, value)

    def _count_tokens(self, arrays: Arrays, batch: TokenizedBatch) -> Iterator[tuple[PartKey, Run]]:
        columns = [column for column in self._columns if isinstance(column, TokensColumn)]
        for order, column in enumerate(columns):  # within a row, features follow in spec order
            vocabulary = self._spec.text_features[column.name].vocabulary
            of_rows, tokens = batch.rows.column(column.name), batch.tokens[column.name]
            places, firsts = of_rows.flatten().to_numpy(), None
            if self._spec.vocabularies[vocabulary].ties == "first_seen":
                rows, first = first_occurrences(places, row_lengths(of_rows), len(tokens))
                firsts = global_rows(arrays[SOURCE], arrays[ROW])[rows], (order << 40) + first
            counts = np.bincount(places, minlength=len(tokens))
            yield from self._tokens.add(vocabulary, table_of(tokens, counts, firsts))

    def _count_classes(self, arrays: Arrays) -> None:
        for column in self._columns:
            if column.name in self._spec.class_labels:
                # Of a list its values stand first.
                self._classes[column.name].update(arrays[column.keys[0]].tolist())
