"""The transform graph: raw columns to sequences, scaled numbers and labels.

`preprocessing_fn` is what tf.Transform traces. It is handed its analyzers, so that this layer
knows nothing of Beam.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import tensorflow as tf

from preprocess.graph.lookup import ClassIndex, Lookup
from preprocess.graph.sequences import drop_and_truncate, scale
from preprocess.spec import Spec
from preprocess.spec.features import length_key
from preprocess.tokenizers.token_bytes import TokenBytes

Columns = Mapping[str, tf.Tensor | tf.RaggedTensor]
Tokens = Mapping[str, tf.RaggedTensor]
BytesOfTokens = Mapping[str, TokenBytes]


class AnalyzedTensors(NamedTuple):
    """What the analyzers found in the train split, as tensors.

    Attributes:
      vocabularies: scalar string by vocabulary: path of its asset.
      classes: scalar string by label: path of its asset.
      scales: float64 of shape (2,) by numeric feature: shift and factor.
    """

    vocabularies: Mapping[str, tf.Tensor]
    classes: Mapping[str, tf.Tensor]
    scales: Mapping[str, tf.Tensor]


Analyze = Callable[[Columns, BytesOfTokens], AnalyzedTensors]


# There is no Python control flow over tensors here, and autograph takes longer than to trace.
@tf.autograph.experimental.do_not_convert
def preprocessing_fn(inputs: Columns, spec: Spec, analyze: Analyze) -> dict[str, tf.Tensor]:
    """Traces the whole transform of `spec`.

    Args:
      inputs: a tensor for each raw column, of shape (batch,) unless the column holds lists.
      spec: what to do with them.
      analyze: yields the statistics, given the inputs and the tokens of each text feature.

    Returns:
      text feature: int64 RaggedTensor (batch, None), and its `NAME_length`: int64 (batch,);
      numeric feature: float32 (batch,); labels as `label_tensor` says.
    """
    tokens = tokenize(inputs, spec)
    found = analyze(inputs, token_bytes(inputs, tokens, spec))
    outputs: dict[str, tf.Tensor] = {}
    for name, ids in _sequences(tokens, spec, found).items():
        outputs |= {name: ids, length_key(name): ids.row_lengths()}
    for name in spec.numeric_features:
        outputs[name] = scale(inputs[name], found.scales[name])
    for name in spec.labels:
        outputs[name] = label_tensor(inputs[name], spec, name, found)
    return outputs


def tokenize(inputs: Columns, spec: Spec) -> dict[str, tf.RaggedTensor]:
    """The tokens of each text feature: string, shape (batch, None)."""
    return {
        name: spec.vocabularies[feature.vocabulary].tokenizer(inputs[name])
        for name, feature in spec.text_features.items()
    }


def token_bytes(inputs: Columns, tokens: Tokens, spec: Spec) -> dict[str, TokenBytes]:
    """The tokens of each text feature as the analyzers take them."""
    return {
        name: spec.vocabularies[feature.vocabulary].tokenizer.token_bytes(
            inputs[name], tokens[name]
        )
        for name, feature in spec.text_features.items()
    }


def _sequences(tokens: Tokens, spec: Spec, found: AnalyzedTensors) -> dict[str, tf.RaggedTensor]:
    lookups = {
        name: Lookup(vocabulary, found.vocabularies[name])
        for name, vocabulary in spec.vocabularies.items()
    }
    sequences = {}
    for name, feature in spec.text_features.items():
        ids = tokens[name].with_flat_values(lookups[feature.vocabulary](tokens[name].flat_values))
        drops = spec.vocabularies[feature.vocabulary].drops_oov
        sequences[name] = drop_and_truncate(ids, feature, drops)
    return sequences


def label_tensor(column: tf.Tensor, spec: Spec, name: str, found: AnalyzedTensors) -> tf.Tensor:
    """The label as a tensor.

    Returns:
      binary and number: the column itself. category: int64 (batch,), index of the class, -1 for
      a class that the train split lacks. multilabel: int64 RaggedTensor of such indices.
    """
    label = spec.labels[name]
    if not label.learns_classes:
        return column
    index = ClassIndex(found.classes[name])
    if label.raw.is_ragged:
        return column.with_flat_values(index(column.flat_values))
    return index(column)
