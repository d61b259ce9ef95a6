"""One SavedModel from raw columns to predictions: the artifact's own graph, then the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.graph.saved_model import load_saved_model
from preprocess.graph.signatures import (
    Signature,
    Tensors,
    ask,
    inputs_of,
    save_with_signatures,
)
from preprocess.models.model_plan import HeadPlan, ModelPlan
from preprocess.spec.features import length_key
from preprocess.spec.labels import class_key


class ServingModel(tf.Module):
    """The artifact's `serving/` and a Keras model behind three signatures."""

    def __init__(
        self,
        artifact: Any,
        model: Callable[..., Tensors],
        plan: ModelPlan,
        records: Mapping[str, tf.TensorSpec] | None = None,
    ) -> None:
        """Puts graph and model together.

        Args:
          artifact: the artifact's SavedModel; its graph and tables go along.
          model: built from `plan`, `for_serving`; or any that maps features to float32
            (batch, units) by label.
          plan: names features and labels.
          records: what the model is given, if that is not the features of the plan: then there is
            a signature `records`, too, from these to what the model answers.
        """
        super().__init__()
        self._artifact = artifact
        self._columns = inputs_of(artifact.signatures["serving_default"])
        self._model = model
        self._plan = plan
        self._records = dict(records or {})

    def predict(self, columns: Tensors) -> Tensors:
        """`serving_default`: predictions from raw columns.

        Args:
          columns: text feature: string (batch,), or of tokens (batch, most tokens), where the
            empty string is no token; numeric feature: float32 (batch,).

        Returns:
          binary `LABEL`: probability of 1, float32 (batch,); category and multilabel: float32
          (batch, classes); category, too: `LABEL_class`, string (batch,), the likeliest;
          number: float32 (batch,) or (batch, size).
        """
        ids = self._transformed(columns)
        given = self._records or self._plan.features
        outputs = self.answer_records({name: ids[name] for name in given})
        answers: Tensors = {}
        for head in self._plan.heads:
            answers |= _answers(head, outputs[head.name])
        return answers

    def answer_records(self, features: Tensors) -> Tensors:
        """`records`: what the model answers to features as records hold them.

        Returns:
          float32 (batch, units) by label.
        """
        answers: Tensors = self._model(features, training=False)
        return answers

    def predict_examples(self, given: Tensors) -> Tensors:
        """`serving_examples`: predictions from `examples`, serialized tf.train.Examples.

        They are string (batch,). Each holds the raw columns: a bytes list of one text or of all
        tokens, a float list of one number.
        """
        columns = {name: _example_feature(self._columns[name]) for name in self._plan.features}
        parsed = tf.io.parse_example(given["examples"], columns)
        return self.predict({name: _dense(column) for name, column in parsed.items()})

    def tokenize(self, texts: Tensors) -> Tensors:
        """`tokenize`: ids and lengths of texts.

        Args:
          texts: each text feature, as for `predict`.

        Returns:
          As the artifact's `serving/`: `NAME`, int64 (batch, longest sequence of the batch, at
          least 1), and `NAME_length`, int64 (batch,).
        """
        batch = tf.shape(next(iter(texts.values())))[:1]
        numbers = {name: tf.zeros(batch, tf.float32) for name in self._plan.numbers}
        outputs = self._transformed({**texts, **numbers})
        keys = [key for name in texts for key in (name, length_key(name))]
        return {key: outputs[key] for key in keys}

    def _transformed(self, columns: Tensors) -> Tensors:
        return ask(self._artifact.signatures["serving_default"], columns)

    def signatures(self) -> dict[str, Signature]:
        """The signatures by name, for any batch size."""
        columns = {name: self._columns[name] for name in self._plan.features}
        texts = {text.feature: columns[text.feature] for text in self._plan.texts}
        examples = {"examples": tf.TensorSpec([None], tf.string)}
        signatures = {
            "serving_default": Signature(self.predict, columns),
            "serving_examples": Signature(self.predict_examples, examples),
            "tokenize": Signature(self.tokenize, texts),
        }
        if self._records:
            signatures["records"] = Signature(self.answer_records, self._records)
        return signatures


def export_serving_model(
    artifact: OpenedArtifact,
    model: Callable[..., Tensors],
    plan: ModelPlan,
    output: Path,
    records: Mapping[str, tf.TensorSpec] | None = None,
) -> None:
    """Writes `ServingModel` as a SavedModel that loads with `import tensorflow` alone.

    Args:
      artifact: whose graph goes along.
      model: as `ServingModel` takes it.
      plan: names features and labels.
      output: folder to write.
      records: as `ServingModel` takes it.
    """
    libraries = artifact.manifest.op_libraries
    graph = load_saved_model(
        artifact.files.check(artifact.layout.serving), libraries, "text2seq build"
    )
    module = ServingModel(graph, model, plan, records)
    save_with_signatures(module, str(output), module.signatures())


def _example_feature(column: tf.TensorSpec) -> tf.io.FixedLenFeature | tf.io.RaggedFeature:
    if column.shape.rank == 2:
        return tf.io.RaggedFeature(column.dtype)
    return tf.io.FixedLenFeature([], column.dtype)


def _dense(column: tf.Tensor | tf.RaggedTensor) -> tf.Tensor:
    return column.to_tensor() if isinstance(column, tf.RaggedTensor) else column


def _answers(head: HeadPlan, output: tf.Tensor) -> Tensors:
    """The answers of serving to a label, from float32 (batch, units)."""
    answers = {head.name: tf.squeeze(output, -1) if head.is_scalar else output}
    if head.label.decision == "likeliest":
        names = tf.constant(head.classes)
        answers[class_key(head.name)] = tf.gather(names, tf.argmax(output, axis=-1))
    return answers
