"""Tokenized batches to records: the graph's own lookup, over unique tokens only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import tensorflow as tf
from apache_beam.utils.shared import Shared
from numpy.typing import NDArray

from beam_jobs.analysis import TokenizedBatch
from beam_jobs.job import Job
from beam_jobs.runtime.packing import least_uint, lists, row_lengths
from beam_jobs.runtime.spill import Reference
from preprocess.core.row_position import ROW, SOURCE
from preprocess.graph.lookup import ClassIndex, Lookup
from preprocess.graph.sequences import drop_and_truncate, scale, sequence_lengths, uncut_lengths

AnalysisResults = Mapping[str, str | tuple[float, float]]


@dataclass(frozen=True)
class TokenTotals:
    """Tokens of a text feature in a batch, before cutting.

    Attributes:
      tokens: all.
      oov: those without a word's id.
      longest: of the longest text, without those that the vocabulary drops.
    """

    tokens: int
    oov: int
    longest: int


@dataclass(frozen=True)
class SequencedBatch:
    """Rows of one split, ready to be assigned to buckets.

    Attributes:
      split: index of the split.
      rows: `_source`, `_row`, and every key of a record but the lengths; a text feature as
        list<uint> of its ids, a multilabel as list<int64> of its class indices.
      unknown: rows left out, as their class does not occur in the train split.
      totals: by text feature.
    """

    split: int
    rows: pa.RecordBatch
    unknown: list[UnknownClass]
    totals: dict[str, TokenTotals]


@dataclass(frozen=True)
class UnknownClass:
    """A row whose label is of a class that the train split lacks.

    Attributes:
      split: index of the split.
      source: index of the file.
      row: place in it.
      label: the label.
      name: the class.
      alike: a class of the train split that is the same number, such as 1 beside 1.0.
    """

    split: int
    source: int
    row: int
    label: str
    name: str
    alike: str | None = None


class Sequencer:
    """Applies the lookups, cuts and scales of the transform graph to tokenized batches."""

    def __init__(self, job: Job, found: AnalysisResults) -> None:
        """Loads the lookup tables.

        Args:
          job: the build.
          found: asset path by vocabulary and by class label; shift and factor by numeric feature.
        """
        self._spec = spec = job.spec
        self._raw = job.raw
        self._found = found
        self._lookups = {n: Lookup(v, found[n]) for n, v in spec.vocabularies.items()}
        self._classes = {name: ClassIndex(found[name]) for name in spec.class_labels}
        self._numbers = {
            label: {n: name for name in classes.names() if (n := number_in(name)) is not None}
            for label, classes in self._classes.items()
        }

    def __call__(self, batch: TokenizedBatch) -> SequencedBatch:
        columns: dict[str, pa.Array] = {}
        totals = {}
        for name in self._raw.types:
            if name in self._spec.text_features:
                columns[name], totals[name] = self._sequence(name, batch)
            elif name in batch.rows.schema.names:
                columns[name] = self._column(name, batch.rows.column(name))
        rows = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
        known, unknown = self._find_unknown(rows, batch)
        return SequencedBatch(batch.split, rows.filter(known) if unknown else rows, unknown, totals)

    def lengths(self, batch: TokenizedBatch) -> dict[str, NDArray[np.int64]]:
        """By text feature the length of each row's sequence, without making the sequences."""
        return {name: self._lengths(name, batch) for name in self._spec.text_features}

    def _lengths(self, name: str, batch: TokenizedBatch) -> NDArray[np.int64]:
        feature, places = self._spec.text_features[name], batch.rows.column(name)
        ids = None
        if self._spec.vocabularies[feature.vocabulary].drops_oov:
            unique = self._lookups[feature.vocabulary](_strings(batch.tokens[name])).numpy()
            ids = unique[places.flatten().to_numpy()]
        return sequence_lengths(row_lengths(places), feature, ids)

    def _sequence(self, name: str, batch: TokenizedBatch) -> tuple[pa.Array, TokenTotals]:
        feature = self._spec.text_features[name]
        vocabulary = self._spec.vocabularies[feature.vocabulary]
        unique = self._lookups[feature.vocabulary](_strings(batch.tokens[name]))
        places = batch.rows.column(name)
        lengths = row_lengths(places)
        flat = tf.gather(unique, places.flatten().to_numpy().astype(np.int64))
        oov = int(tf.math.count_nonzero(flat < vocabulary.ids.first_token))
        uncut = uncut_lengths(lengths, flat.numpy() if vocabulary.drops_oov else None)
        ids = tf.RaggedTensor.from_row_lengths(flat, lengths, validate=False)
        ids = drop_and_truncate(ids, feature, vocabulary.drops_oov)
        values, kept = ids.flat_values.numpy(), ids.row_lengths().numpy()
        column = lists(least_uint(values, int(values.max(initial=0)) + 1), kept)
        return column, TokenTotals(len(flat), oov, int(uncut.max(initial=0)))

    def _column(self, name: str, column: pa.Array) -> pa.Array:
        if name in self._spec.numeric_features:
            scaled = scale(column.to_numpy(), tf.constant(self._found[name], tf.float64))
            return pa.array(scaled.numpy())
        if name not in self._classes:
            return column
        if self._raw.is_ragged(name):
            return lists(self._indices(name, column.flatten()), row_lengths(column))
        return pa.array(self._indices(name, column))

    def _indices(self, label: str, names: pa.Array) -> np.ndarray:
        indices: np.ndarray = self._classes[label](_strings(names)).numpy()
        return indices

    def _find_unknown(
        self, rows: pa.RecordBatch, batch: TokenizedBatch
    ) -> tuple[pa.Array, list[UnknownClass]]:
        """A mask of the rows whose classes are all known, and the first unknown one of the rest."""
        known, unknown, raw = np.ones(rows.num_rows, bool), [], batch.rows
        for label in self._spec.class_labels:
            for row, name in _unknown_classes(rows.column(label), raw.column(label)):
                if known[row]:
                    known[row] = False
                    source, place = raw.column(SOURCE)[row].as_py(), raw.column(ROW)[row].as_py()
                    number = number_in(name)
                    alike = None if number is None else self._numbers[label].get(number)
                    unknown.append(UnknownClass(batch.split, source, place, label, name, alike))
        return pa.array(known), unknown


class _WithSequencer(beam.DoFn):
    """The threads of a process share the lookup tables."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._shared = Shared()

    def _sequencer(self, found: AnalysisResults) -> Sequencer:
        sequencer: Sequencer = self._shared.acquire(lambda: Sequencer(self._job, found))
        return sequencer


class SequenceBatches(_WithSequencer):
    """References to packed `TokenizedBatch`es to `SequencedBatch`es."""

    def process(self, reference: Reference, found: AnalysisResults) -> Iterator[SequencedBatch]:
        yield self._sequencer(found)(TokenizedBatch.unpack(reference.read()))


class MeasureBatches(_WithSequencer):
    """References to packed `TokenizedBatch`es to (split, lengths of each text feature)."""

    def process(
        self, reference: Reference, found: AnalysisResults
    ) -> Iterator[tuple[int, dict[str, NDArray[np.int64]]]]:
        batch = TokenizedBatch.unpack(reference.read())
        yield batch.split, self._sequencer(found).lengths(batch)


def _unknown_classes(indices: pa.Array, names: pa.Array) -> list[tuple[int, str]]:
    """Row and name of every class whose index is -1."""
    if not pa.types.is_list(indices.type):
        rows = np.flatnonzero(indices.to_numpy() < 0)
        return [(int(row), names[int(row)].as_py().decode()) for row in rows]
    parents = pc.list_parent_indices(indices).to_numpy()
    flat = names.flatten()
    places = np.flatnonzero(indices.flatten().to_numpy() < 0)
    return [(int(parents[place]), flat[int(place)].as_py().decode()) for place in places]


def number_in(name: str) -> Decimal | None:
    """The number that a class is the text of, if it is one."""
    try:
        number = Decimal(name)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _strings(array: pa.Array) -> tf.Tensor:
    return tf.constant(array.to_numpy(zero_copy_only=False), tf.string)
