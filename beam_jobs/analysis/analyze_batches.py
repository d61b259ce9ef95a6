"""The one DoFn that sees every batch of tokens: packs rows, and counts what `train` holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import tensorflow as tf
from apache_beam.transforms.window import GlobalWindows
from numpy.typing import NDArray

from beam_jobs.analysis.analysis_columns import Arrays, TokensColumn, analysis_columns
from beam_jobs.analysis.token_counts import first_occurrences, global_rows, merge, table_of
from beam_jobs.analysis.tokenized_batch import TokenizedBatch
from beam_jobs.job import Job
from beam_jobs.runtime.packing import pack_table, row_lengths
from beam_jobs.runtime.spill import Spill
from preprocess.core.row_position import ROW, SOURCE, SPLIT

TOKENS, CLASSES = "token_counts", "class_counts"

# Parts of a vocabulary that are merged apart: no worker needs all tokens of a huge corpus.
_PARTITIONS = 32
# Tokens that a bundle may hold before they are merged, and merged ones before they are sent on.
_MERGE_ABOVE = 1_000_000
_FLUSH_ABOVE = 4_000_000


class TokenCounter:
    """Adds up the token tables of one vocabulary within a bundle."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._tokens = 0

    def add(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._tokens += len(table)
        if self._tokens > _MERGE_ABOVE:
            self._merge()

    @property
    def is_large(self) -> bool:
        return self._tokens > _FLUSH_ABOVE

    def partitions(self) -> Iterator[tuple[int, bytes]]:
        """The merged counts, partitioned by a hash of the token; empties the counter."""
        if not self._tables:
            return
        self._merge()
        table = self._tables[0].combine_chunks()
        tokens = table["token"].to_pylist()
        parts = (
            tf.strings.to_hash_bucket_fast(tokens, _PARTITIONS).numpy() if tokens else np.empty(0)
        )
        for part in np.unique(parts):
            yield int(part), pack_table(table.take(np.flatnonzero(parts == part)))
        self._tables, self._tokens = [], 0

    def _merge(self) -> None:
        table = merge(self._tables)
        self._tables, self._tokens = [table], len(table)


class AnalyzeBatches(beam.DoFn):
    """Tuples of analysis tensors to packed rows, and to counts of the train split.

    Yields:
      main: `Reference` to `TokenizedBatch.pack` of every batch.
      TOKENS: ((vocabulary, partition), packed token table).
      CLASSES: (label, {class: count}).
    """

    def __init__(self, job: Job) -> None:
        self._spec = job.spec
        self._columns = analysis_columns(job)
        self._names = [key for column in self._columns for key in column.keys]
        self._train = job.train
        self._folder = f"{job.layout.workspace}/tokenized"

    def start_bundle(self) -> None:
        self._spill = Spill(self._folder)
        self._tokens: dict[str, TokenCounter] = defaultdict(TokenCounter)
        self._classes: dict[str, Counter[bytes]] = defaultdict(Counter)

    def process(self, tensors: tuple[NDArray[Any], ...]) -> Iterator[Any]:
        arrays = dict(zip(self._names, tensors, strict=True))
        batch = TokenizedBatch.of(arrays, self._columns)
        yield self._spill.write(batch.pack())
        if int(arrays[SPLIT][0]) != self._train:
            return
        self._count_tokens(arrays, batch)
        self._count_classes(arrays)
        for name, counter in self._tokens.items():
            if counter.is_large:
                yield from self._tagged_tokens(name)

    def finish_bundle(self) -> Iterator[Any]:
        self._spill.close()
        tagged = [value for name in self._tokens for value in self._tagged_tokens(name)]
        tagged += [
            beam.pvalue.TaggedOutput(CLASSES, (name, dict(counts)))
            for name, counts in self._classes.items()
        ]
        for output in tagged:
            value = GlobalWindows.windowed_value(output.value)
            yield beam.pvalue.TaggedOutput(output.tag, value)

    def _tagged_tokens(self, name: str) -> Iterator[beam.pvalue.TaggedOutput[str, Any]]:
        for part, table in self._tokens[name].partitions():
            yield beam.pvalue.TaggedOutput(TOKENS, ((name, part), table))

    def _count_tokens(self, arrays: Arrays, batch: TokenizedBatch) -> None:
        columns = [column for column in self._columns if isinstance(column, TokensColumn)]
        for order, column in enumerate(columns):  # within a row, features follow in spec order
            vocabulary = self._spec.text_features[column.name].vocabulary
            of_rows, tokens = batch.rows.column(column.name), batch.tokens[column.name]
            places, firsts = of_rows.flatten().to_numpy(), None
            if self._spec.vocabularies[vocabulary].ties == "first_seen":
                rows, first = first_occurrences(places, row_lengths(of_rows), len(tokens))
                firsts = global_rows(arrays[SOURCE], arrays[ROW])[rows], (order << 40) + first
            counts = np.bincount(places, minlength=len(tokens))
            self._tokens[vocabulary].add(table_of(tokens, counts, firsts))

    def _count_classes(self, arrays: Arrays) -> None:
        for column in self._columns:
            if column.name in self._spec.class_labels:
                # Of a list its values stand first.
                self._classes[column.name].update(arrays[column.keys[0]].tolist())
