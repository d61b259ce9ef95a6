"""A MODEL folder written by hand: untrained Keras weights, and a SavedModel easy to foresee.

What `serving/` answers follows from the bytes of the row's texts and its numbers, so that every
answer tells which row it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import keras
import tensorflow as tf

from preprocess import read_manifest
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.output_file import described_below
from preprocess.model_file import ModelFile
from preprocess.spec import NumberLabel, Spec, TextFeature
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    FORMAT_VERSION,
    ModelManifest,
    Outcome,
    artifact_fingerprint,
)

ACTIVATIONS = {"binary": "sigmoid", "category": "softmax", "multilabel": "sigmoid"}


@dataclass(frozen=True)
class SmallModel:
    """What to write.

    Attributes:
      artifact: folder that the model goes with.
      declared: the model file.
      kept: dtype of each kept column; those of the artifact when None.
      op_libraries: as in the manifest.
    """

    artifact: str
    declared: Mapping[str, object] = field(default_factory=dict)
    kept: Mapping[str, str] | None = None
    op_libraries: tuple[str, ...] = ()

    def write(self, folder: Path) -> str:
        """Writes `model.keras`, `serving/` and, last, `model.json`."""
        manifest, layout = self.manifest, ModelLayout(folder)
        folder.mkdir(parents=True)
        _network(manifest, read_manifest(self.artifact)).save(layout.keras)
        serving = Serving(manifest)
        signatures = {"serving_default": serving.signature()}
        tf.saved_model.save(serving, str(layout.serving), signatures=signatures)
        files = described_below(str(folder), layout.exported)
        layout.manifest.write_text(manifest.model_copy(update={"files": files}).to_json())
        return str(folder)

    @property
    def manifest(self) -> ModelManifest:
        of = read_manifest(self.artifact)
        model = ModelFile.model_validate(self.declared)
        labels = model.labels or list(of.spec.labels)
        return ModelManifest(
            format_version=FORMAT_VERSION,
            versions={"text2seq": "0.1.0"},
            model=model,
            spec=self._spec(of.spec),
            artifact=artifact_fingerprint(of),
            vocabulary_sizes=of.vocabulary_sizes,
            classes=of.classes,
            kept=dict(of.kept if self.kept is None else self.kept),
            op_libraries=list(self.op_libraries),
            labels={name: of.spec.labels[name].kind for name in labels},
            embeddings={},
            outcome=Outcome(
                epochs=1,
                best_epoch=1,
                monitor="last",
                examples=of.rows.written,
                parameters=1,
                trainable_parameters=1,
            ),
            files=[],
        )

    def _spec(self, spec: Spec) -> Spec:
        if self.kept is None:
            return spec
        return Spec.model_validate({**spec.model_dump(mode="json"), "keep": list(self.kept)})


class Serving(tf.Module):
    """Answers with `value` = bytes of all texts + the sum of all numbers, scaled."""

    def __init__(self, manifest: ModelManifest) -> None:
        super().__init__()
        self._manifest = manifest
        self._scale = tf.Variable(1.0)  # as a real model's weights, gone if nobody holds the module

    def answer(self, **columns: tf.Tensor) -> dict[str, tf.Tensor]:
        value = tf.add_n([_as_number(column) for column in columns.values()]) * self._scale
        answers = {}
        for label, kind in self._manifest.labels.items():
            answers |= _answers(self._manifest, label, kind, value)
        return answers

    def signature(self) -> tf.types.experimental.ConcreteFunction:
        specs = {
            name: tf.TensorSpec([None], tf.string if is_text(feature) else tf.float32, name=name)
            for name, feature in self._manifest.spec.features.items()
        }
        return tf.function(self.answer).get_concrete_function(**specs)


def is_text(feature: object) -> bool:
    return isinstance(feature, TextFeature)


def _as_number(column: tf.Tensor) -> tf.Tensor:
    if column.dtype == tf.string:
        return tf.cast(tf.strings.length(column), tf.float32)
    return column


def _answers(
    manifest: ModelManifest, label: str, kind: str, value: tf.Tensor
) -> dict[str, tf.Tensor]:
    if kind == "binary":
        return {label: value / 1024}
    if kind == "number":
        size = _size(manifest.spec, label)
        return {label: value if size is None else tf.stack([value] * size, axis=1) / 8}
    names = manifest.classes[label]
    # In powers of two, which float32 divides by exactly.
    shares = tf.math.floormod(value, 8) / 8
    answers = {label: tf.stack([shares + 0.25 * i for i in range(len(names))], axis=1)}
    if kind == "category":
        whole = tf.where(tf.math.is_finite(value), value, 0)
        chosen = tf.cast(tf.math.floormod(whole, len(names)), tf.int32)
        answers[f"{label}_class"] = tf.gather(tf.constant(names), chosen)
    return answers


def _size(spec: Spec, label: str) -> int | None:
    declared = spec.labels[label]
    return declared.size if isinstance(declared, NumberLabel) else None


def _network(manifest: ModelManifest, artifact: Manifest) -> keras.Model:
    """Embedding-LSTMs with weights of a fixed seed."""
    keras.utils.set_random_seed(0)
    inputs, parts = {}, []
    for name, feature in manifest.spec.features.items():
        if isinstance(feature, TextFeature):
            inputs[name] = keras.Input((None,), dtype="int64", name=name)
            rows = artifact.vocabulary_sizes[feature.vocabulary]
            ids = keras.layers.Embedding(rows, 3, mask_zero=True)(inputs[name])
            parts.append(keras.layers.LSTM(4)(ids))
        else:
            inputs[name] = keras.Input((), dtype="float32", name=name)
            parts.append(keras.ops.expand_dims(inputs[name], -1))
    joined = keras.layers.Concatenate()(parts) if len(parts) > 1 else parts[0]
    outputs = {
        label: keras.layers.Dense(
            len(manifest.classes.get(label, ())) or _size(manifest.spec, label) or 1,
            activation=ACTIVATIONS.get(kind),
            name=label,
        )(joined)
        for label, kind in manifest.labels.items()
    }
    return keras.Model(inputs, outputs)
