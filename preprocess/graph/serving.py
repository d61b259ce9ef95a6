"""Exports `serving/`: raw feature columns in, padded ids and lengths out."""

from __future__ import annotations

import tensorflow as tf

from preprocess.core.columns import RawColumn
from preprocess.core.op_libraries import OpLibrary
from preprocess.graph.sequences import pad
from preprocess.graph.signatures import Signature, Tensors, save_with_signatures
from preprocess.spec import Spec, TextFeature
from preprocess.spec.features import length_key
from preprocess.tokenizers.transform_library import tft


class Serving(tf.Module):
    """The artifact's own transform graph behind a dense signature."""

    def __init__(self, transform: str, spec: Spec) -> None:
        """Loads a transform graph.

        Args:
          transform: folder that `tft.TFTransformOutput` opens.
          spec: what the graph was built from.
        """
        super().__init__()
        self._transform = tft.TFTransformOutput(transform).transform_features_layer()
        self._spec = spec

    def answer(self, columns: Tensors) -> Tensors:
        """Transforms raw columns.

        Args:
          columns: text feature: string (batch,), or of tokens (batch, most tokens), where the
            empty string is no token; numeric feature: float32 (batch,).

        Returns:
          text feature: int64 (batch, longest sequence of the batch, at least 1) and its
          `NAME_length`: int64 (batch,); numeric feature: float32 (batch,).
        """
        # `call`: Keras would convert tf.Transform's code with autograph, which takes seconds.
        outputs = self._transform.call({name: _ragged(column) for name, column in columns.items()})
        answers = {}
        for name, feature in self._spec.features.items():
            answers[name] = outputs[name]
            if isinstance(feature, TextFeature):
                answers[name] = pad(outputs[name], feature.padding)
                answers[length_key(name)] = outputs[length_key(name)]
        return answers

    def signature(self) -> Signature:
        """What `serving_default` becomes, for any batch size."""
        return Signature(
            self.answer,
            {name: _spec(self._spec.raw_columns[name]) for name in self._spec.features},
        )


def _spec(raw: RawColumn) -> tf.TensorSpec:
    return tf.TensorSpec([None, None] if raw.is_ragged else [None], raw.dtype)


def _ragged(column: tf.Tensor) -> tf.Tensor | tf.RaggedTensor:
    """Lists without their padding."""
    return tf.ragged.boolean_mask(column, column != "") if column.shape.rank == 2 else column


def export_serving(transform: str, spec: Spec, output: str) -> None:
    """Writes a SavedModel whose `serving_default` is `Serving.answer`.

    It loads with `import tensorflow` alone, or with the manifest's `op_libraries` beside it.
    """
    module = Serving(transform, spec)
    save_with_signatures(module, output, {"serving_default": module.signature()})


def op_libraries(spec: Spec) -> list[OpLibrary]:
    """Python packages whose ops the graph of `spec` needs beside TensorFlow's own."""
    needed = {lib for v in spec.vocabularies.values() for lib in v.tokenizer.op_libraries}
    return sorted(needed)
