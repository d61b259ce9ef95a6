"""Exports `serving/`: raw feature columns in, padded ids and lengths out."""

from __future__ import annotations

import tensorflow as tf
import tensorflow_transform as tft

from preprocess.graph.sequences import pad
from preprocess.spec import Spec, TextFeature
from preprocess.spec.features import length_key


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

    def answer(self, **columns: tf.Tensor) -> dict[str, tf.Tensor]:
        """Transforms raw columns.

        Args:
          columns: text feature: string (batch,); numeric feature: float32 (batch,).

        Returns:
          text feature: int64 (batch, longest sequence of the batch, at least 1) and its
          `NAME_length`: int64 (batch,); numeric feature: float32 (batch,).
        """
        # `call`: Keras would convert tf.Transform's code with autograph, which takes seconds.
        outputs = self._transform.call(columns)
        answers = {}
        for name, feature in self._spec.features.items():
            answers[name] = outputs[name]
            if isinstance(feature, TextFeature):
                answers[name] = pad(outputs[name], feature.padding)
                answers[length_key(name)] = outputs[length_key(name)]
        return answers

    def signature(self) -> tf.types.experimental.ConcreteFunction:
        """The function behind `serving_default`, traced for any batch size."""
        columns = {
            name: tf.TensorSpec(
                [None], tf.string if isinstance(feature, TextFeature) else tf.float32, name=name
            )
            for name, feature in self._spec.features.items()
        }
        return tf.function(self.answer, autograph=False).get_concrete_function(**columns)


def export_serving(transform: str, spec: Spec, output: str) -> None:
    """Writes a SavedModel whose `serving_default` is `Serving.answer`.

    It loads with `import tensorflow` alone, or with the manifest's `op_libraries` beside it.
    """
    module = Serving(transform, spec)
    tf.saved_model.save(module, output, signatures={"serving_default": module.signature()})


def op_libraries(spec: Spec) -> list[str]:
    """Python packages whose ops the graph of `spec` needs beside TensorFlow's own."""
    needed = {lib for v in spec.vocabularies.values() for lib in v.tokenizer.op_libraries}
    return sorted(needed)
