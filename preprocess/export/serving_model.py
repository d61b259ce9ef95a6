"""One SavedModel from raw columns to predictions: the artifact's own graph, then the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.graph.saved_model import load_saved_model
from preprocess.models.model_plan import HeadPlan, ModelPlan
from preprocess.spec.features import length_key
from preprocess.spec.labels import class_key

Tensors = dict[str, tf.Tensor]


class ServingModel(tf.Module):
    """The artifact's `serving/` and a Keras model behind three signatures."""

    def __init__(self, artifact: Any, model: keras.Model, plan: ModelPlan) -> None:
        """Puts graph and model together.

        Args:
          artifact: the artifact's SavedModel; its graph and tables go along.
          model: built from `plan`, `for_serving`.
          plan: names features and labels.
        """
        super().__init__()
        self._artifact = artifact
        self._model = model
        self._plan = plan

    def predict(self, **columns: tf.Tensor) -> Tensors:
        """`serving_default`: predictions from raw columns.

        Args:
          columns: text feature: string (batch,); numeric feature: float32 (batch,).

        Returns:
          binary `LABEL`: probability of 1, float32 (batch,); category and multilabel: float32
          (batch, classes); category, too: `LABEL_class`, string (batch,), the likeliest;
          number: float32 (batch,) or (batch, size).
        """
        ids = self._transformed(columns)
        outputs = self._model({name: ids[name] for name in self._plan.features}, training=False)
        answers: Tensors = {}
        for head in self._plan.heads:
            answers |= _answers(head, outputs[head.name])
        return answers

    def predict_examples(self, examples: tf.Tensor) -> Tensors:
        """`serving_examples`: predictions from serialized tf.train.Examples, string (batch,).

        Each holds the raw columns: a bytes list of one text, a float list of one number.
        """
        spec = {name: tf.io.FixedLenFeature([], self._dtype(name)) for name in self._plan.features}
        return self.predict(**tf.io.parse_example(examples, spec))

    def tokenize(self, **texts: tf.Tensor) -> Tensors:
        """`tokenize`: ids and lengths of texts.

        Args:
          texts: each text feature: string (batch,).

        Returns:
          As the artifact's `serving/`: `NAME`, int64 (batch, longest sequence of the batch, at
          least 1), and `NAME_length`, int64 (batch,).
        """
        batch = tf.shape(next(iter(texts.values())))
        numbers = {name: tf.zeros(batch, tf.float32) for name in self._plan.numbers}
        outputs = self._transformed({**texts, **numbers})
        keys = [key for name in texts for key in (name, length_key(name))]
        return {key: outputs[key] for key in keys}

    def _transformed(self, columns: Tensors) -> Tensors:
        outputs: Tensors = self._artifact.signatures["serving_default"](**columns)
        return outputs

    def _dtype(self, name: str) -> tf.DType:
        return tf.float32 if name in self._plan.numbers else tf.string

    def signatures(self) -> dict[str, tf.types.experimental.ConcreteFunction]:
        """The signatures by name, traced for any batch size."""
        columns = {
            name: tf.TensorSpec([None], self._dtype(name), name=name)
            for name in self._plan.features
        }
        texts = {text.feature: columns[text.feature] for text in self._plan.texts}
        examples = tf.TensorSpec([None], tf.string, name="examples")
        return {
            "serving_default": _function(self.predict).get_concrete_function(**columns),
            "serving_examples": _function(self.predict_examples).get_concrete_function(examples),
            "tokenize": _function(self.tokenize).get_concrete_function(**texts),
        }


def export_serving_model(
    artifact: OpenedArtifact, model: keras.Model, plan: ModelPlan, output: Path
) -> None:
    """Writes `ServingModel` as a SavedModel that loads with `import tensorflow` alone.

    Args:
      artifact: whose graph goes along.
      model: built from `plan`, `for_serving`.
      plan: names features and labels.
      output: folder to write.
    """
    libraries = artifact.manifest.op_libraries
    graph = load_saved_model(artifact.layout.serving, libraries, "text2seq build")
    module = ServingModel(graph, model, plan)
    tf.saved_model.save(module, str(output), signatures=module.signatures())


def _answers(head: HeadPlan, output: tf.Tensor) -> Tensors:
    """The answers of serving to a label, from float32 (batch, units)."""
    answers = {head.name: tf.squeeze(output, -1) if head.is_scalar else output}
    if head.label.decision == "likeliest":
        names = tf.constant(head.classes)
        answers[class_key(head.name)] = tf.gather(names, tf.argmax(output, axis=-1))
    return answers


def _function(method) -> tf.types.experimental.PolymorphicFunction:  # type: ignore[no-untyped-def]
    return tf.function(method, autograph=False)
