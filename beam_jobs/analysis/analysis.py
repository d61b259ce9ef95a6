"""The analyzers: one `ptransform_analyzer` that gets every statistic from one pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow.compute as pc
import tensorflow as tf
import tensorflow_transform as tft

from beam_jobs.analysis.analyze_batches import CLASSES, TOKENS, AnalyzeBatches
from beam_jobs.analysis.raw_tensors import RawTensors, is_class_list
from beam_jobs.analysis.scales import CollectScales
from beam_jobs.analysis.token_counts import merge, select
from beam_jobs.analysis.vocabulary_files import write_classes, write_vocabulary
from beam_jobs.runtime.packing import pack_table, unpack_table
from preprocess.artifact.layout import Layout
from preprocess.core.row_position import SPLIT
from preprocess.graph.lookup import SENTINEL
from preprocess.graph.preprocessing import Columns, Statistics, Tokens
from preprocess.spec import Spec, Vocabulary

# tf.Transform traces the lookup tables over this before the words are known.
_EMPTY_ASSET = f"{SENTINEL}\n".encode()


class Analysis:
    """Handed to `preprocessing_fn` as its analyzers.

    tf.Transform's own vocabulary analyzer needs a second pass over the texts for the transform.
    Here the analyzer also keeps what the graph made of every row (`tokenized`), so that the
    transform looks up unique tokens instead of tokenizing again.
    """

    def __init__(self, spec: Spec, raw: RawTensors, layout: Layout, train: int) -> None:
        """Prepares the analysis of a build.

        Args:
          spec: what to find.
          raw: the raw columns.
          layout: of the artifact.
          train: index of the split that statistics come from.
        """
        self._spec = spec
        self._raw = raw
        self._collect = Collect(spec, raw, layout, train)
        self._scales = CollectScales(spec.numeric_features, train)

    @property
    def tokenized(self) -> beam.PCollection:
        """References to packed `TokenizedBatch`es of every row.

        Available once tf.Transform has built the analysis.
        """
        return self._collect.tokenized

    @property
    def assets(self) -> dict[str, beam.PCollection]:
        """The `Asset` of each vocabulary and class label.

        Available once tf.Transform has built the analysis.
        """
        return self._collect.assets

    @property
    def scales(self) -> dict[str, beam.PCollection]:
        """Shift and factor of each numeric feature.

        Available once tf.Transform has built the analysis.
        """
        return self._scales.scales

    def __call__(self, inputs: Columns, tokens: Tokens) -> Statistics:
        """The statistics as tensors that tf.Transform fills in once they are known."""
        tensors = analysis_tensors(inputs, tokens, self._spec, self._raw)
        paths = self._paths(tensors)
        return Statistics(
            vocabularies={name: paths[name] for name in self._spec.vocabularies},
            classes={name: paths[name] for name in self._spec.class_labels},
            scales=self._scale_tensors(inputs),
        )

    def _paths(self, tensors: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Path of the asset of each vocabulary and class label; no two share a name."""
        names = [*self._spec.vocabularies, *self._spec.class_labels]
        paths = tft.experimental.ptransform_analyzer(
            list(tensors.values()),
            self._collect,
            output_dtypes=[tf.string] * len(names),
            output_shapes=[[]] * len(names),
            output_asset_default_values=[_EMPTY_ASSET] * len(names),
        )
        return dict(zip(names, paths, strict=True))

    def _scale_tensors(self, inputs: Columns) -> dict[str, tf.Tensor]:
        # An analyzer of its own: tf.Transform takes either assets from one, or none.
        names = list(self._spec.numeric_features)
        if not names:
            return {}
        scales = tft.experimental.ptransform_analyzer(
            [inputs[SPLIT], *(inputs[name] for name in names)],
            self._scales,
            output_dtypes=[tf.float64] * len(names),
            output_shapes=[[2]] * len(names),
        )
        return dict(zip(names, scales, strict=True))


def analysis_tensors(
    inputs: Columns, tokens: Tokens, spec: Spec, raw: RawTensors
) -> dict[str, tf.Tensor]:
    """What the graph hands to the analyzer, by name; the names do not depend on the data.

    A text feature `text` gives `text/tokens` (string, unique), `text/places` (int32, for each
    token the index of its unique one) and `text/lengths` (int64, tokens of each row); a column of
    lists gives `/values` and `/lengths`; any other column itself.
    """
    tensors: dict[str, tf.Tensor] = {}
    for name in raw.types:
        if name in spec.text_features:
            unique, places = tf.unique(tokens[name].flat_values)
            tensors |= {
                f"{name}/tokens": unique,
                f"{name}/places": places,
                f"{name}/lengths": tokens[name].row_lengths(),
            }
        elif is_class_list(spec.labels.get(name)):
            tensors[f"{name}/values"] = inputs[name].flat_values
            tensors[f"{name}/lengths"] = inputs[name].row_lengths()
        else:
            tensors[name] = inputs[name]
    return tensors


def tensor_names(spec: Spec, raw: RawTensors) -> list[str]:
    """The keys of `analysis_tensors`, in its order."""
    names = []
    for name in raw.types:
        if name in spec.text_features:
            names += [f"{name}/tokens", f"{name}/places", f"{name}/lengths"]
        elif is_class_list(spec.labels.get(name)):
            names += [f"{name}/values", f"{name}/lengths"]
        else:
            names.append(name)
    return names


class Collect(beam.PTransform):
    """Batches of analysis tensors to the assets of vocabularies and classes."""

    def __init__(self, spec: Spec, raw: RawTensors, layout: Layout, train: int) -> None:
        super().__init__()
        self._spec = spec
        self._raw = raw
        self._layout = layout
        self._train = train
        self.tokenized: Any = None
        self.assets: dict[str, beam.PCollection] = {}

    def __getstate__(self) -> dict[str, Any]:
        # tf.Transform pickles the preprocessing_fn, and us with it, to trace it again on a worker.
        return {**self.__dict__, "tokenized": None, "assets": {}}

    def expand(self, batches: beam.PCollection) -> tuple[beam.PCollection, ...]:
        names = tensor_names(self._spec, self._raw)
        found = batches | "AnalyzeBatches" >> beam.ParDo(
            AnalyzeBatches(self._spec, self._raw, names, self._train, self._layout.workspace)
        ).with_outputs(TOKENS, CLASSES, main="tokenized")
        self.tokenized = found.tokenized
        self.assets = {
            **self._vocabularies(found[TOKENS]),
            **self._classes(found[CLASSES]),
        }
        return tuple(
            asset | f"AsArray[{name}]" >> beam.Map(lambda found: np.array(found.path))
            for name, asset in self.assets.items()
        )

    def _vocabularies(self, tables: beam.PCollection) -> dict[str, beam.PCollection]:
        vocabularies = self._spec.vocabularies
        parts = (
            tables
            | "GroupByTokenHash" >> beam.GroupByKey()
            | "MergeCounts"
            >> beam.MapTuple(lambda key, parts: (key[0], _merged(parts, vocabularies[key[0]])))
        )
        written = {}
        for name, vocabulary in vocabularies.items():
            of_name = parts | f"Parts[{name}]" >> beam.FlatMap(_values_of, name)
            written[name] = (
                tables.pipeline
                | f"Vocabulary[{name}]" >> beam.Create([name], reshuffle=False)
                | f"WriteVocabulary[{name}]"
                >> beam.Map(write_vocabulary, beam.pvalue.AsIter(of_name), vocabulary, self._layout)
            )
        return written

    def _classes(self, counts: beam.PCollection) -> dict[str, beam.PCollection]:
        written = {}
        for name in self._spec.class_labels:
            of_name = counts | f"Counts[{name}]" >> beam.FlatMap(_values_of, name)
            written[name] = (
                counts.pipeline
                | f"Classes[{name}]" >> beam.Create([name], reshuffle=False)
                | f"WriteClasses[{name}]"
                >> beam.Map(write_classes, beam.pvalue.AsIter(of_name), self._layout)
            )
        return written


def _merged(parts: Iterable[bytes], vocabulary: Vocabulary) -> tuple[int, bytes]:
    """The tokens of a part of the vocabulary: how many were counted, and the table of the rest."""
    table = merge([unpack_table(part) for part in parts])
    return pc.sum(table["count"]).as_py() or 0, pack_table(select(table, vocabulary))


def _values_of(item: tuple[str, Any], name: str) -> list[Any]:
    return [item[1]] if item[0] == name else []
