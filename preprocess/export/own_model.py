"""A Keras model that a user has built, taken as what it maps: features of records to labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.artifact.manifest import Manifest
from preprocess.core.errors import UsageError
from preprocess.data.bucket_reader import Tensors
from preprocess.spec import TextFeature
from preprocess.spec.features import length_key

_TOLERANCE = 1e-3


class OwnModel(tf.Module):
    """A Keras model that is given features by name and answers labels by name."""

    def __init__(self, model: keras.Model, manifest: Manifest) -> None:
        """Matches a model with an artifact.

        Args:
          model: built, or called once, on features of the artifact's records.
          manifest: of the artifact.

        Raises:
          UsageError: it takes what the records do not hold.
        """
        super().__init__()
        self._model, self._manifest = model, manifest
        declared = _inputs(model)

        def inputs() -> Any:  # as TensorFlow would track what is in an attribute
            return declared

        self._declared = inputs
        for name in self._taken():
            if name not in self.features:
                raise UsageError(
                    f"keras_model: got an input {name!r}, expected names of what the records hold "
                    f"({', '.join(self.features)}); name the input so"
                )

    @property
    def features(self) -> dict[str, tf.TensorSpec]:
        """What a batch of records holds beside labels, by name."""
        specs: dict[str, tf.TensorSpec] = {}
        for name, feature in self._manifest.spec.features.items():
            if isinstance(feature, TextFeature):
                specs[name] = tf.TensorSpec((None, None), tf.int64)
                specs[length_key(name)] = tf.TensorSpec((None,), tf.int64)
            else:
                specs[name] = tf.TensorSpec((None,), tf.float32)
        return specs

    def __call__(self, features: Tensors, training: bool = False) -> Tensors:
        """Answers by label.

        Args:
          features: as `features` describes them.
          training: must be False, as a served model is not trained.

        Returns:
          float32 (batch, units) for each label that the model answers.

        Raises:
          UsageError: its outputs are not those of the artifact's labels.
        """
        answers = self._by_label(self._model(self._arranged(features), training=training))
        return {name: self._flat(name, answer) for name, answer in answers.items()}

    def check(self, features: Tensors) -> list[str]:
        """Compares the answers to some records with what their labels are.

        Returns:
          The labels that the model answers, in the order of the spec.

        Raises:
          UsageError: an answer is no probability, or of another shape than its label.
        """
        answers = self(features)
        for name, answer in answers.items():
            self._check_values(name, answer.numpy())
        return [name for name in self._manifest.spec.labels if name in answers]

    def _taken(self) -> list[str]:
        """Names of the inputs; of a model that declares none, all that there are."""
        if self._declared() is None:
            return list(self.features)
        flat = keras.tree.flatten_with_path(self._declared())
        return [self._input_name(path, tensor, len(flat)) for path, tensor in flat]

    def _input_name(self, path: tuple[Any, ...], tensor: Any, inputs: int) -> str:
        """Of an input that bears no name of ours but is the only one: the only text."""
        name = path[-1] if path and isinstance(path[-1], str) else str(tensor.name)
        texts = list(self._manifest.spec.text_features)
        return texts[0] if name not in self.features and inputs == len(texts) == 1 else name

    def _arranged(self, features: Tensors) -> Any:
        if self._declared() is None:
            return features
        tensors = [features[name] for name in self._taken()]
        return keras.tree.pack_sequence_as(self._declared(), tensors)

    def _by_label(self, outputs: Any) -> dict[str, Any]:
        labels = list(self._manifest.spec.labels)
        if isinstance(outputs, Mapping):
            named = dict(outputs)
        else:
            flat = outputs if isinstance(outputs, list | tuple) else [outputs]
            names = list(getattr(self._model, "output_names", None) or [])
            if len(flat) == len(labels) == 1:
                names = labels
            named = dict(zip(names, flat, strict=False))
        strange = [name for name in named if name not in labels]
        if strange or not named:
            raise UsageError(
                f"keras_model: got the outputs {', '.join(map(str, named)) or 'without names'}, "
                f"expected labels of the artifact ({', '.join(labels)}); give a dict of outputs "
                "by label, or name the last layers so"
            )
        return named

    def _flat(self, name: str, answer: Any) -> tf.Tensor:
        """float32 (batch, units)."""
        shape = self._manifest.spec.labels[name].answer_shape(self._manifest.classes.get(name, ()))
        answer = tf.cast(tf.convert_to_tensor(answer), tf.float32)
        units = int(np.prod(shape))
        got = answer.shape[1:]
        if tuple(got) not in {shape, (units,)}:
            raise UsageError(
                f"keras_model: {name}: got an output of shape (batch, {', '.join(map(str, got))}), "
                f"expected (batch, {units}), as the label has it; change the last layer"
            )
        return tf.reshape(answer, (-1, units))

    def _check_values(self, name: str, answer: NDArray[np.float32]) -> None:
        label = self._manifest.spec.labels[name]
        if label.decision == "value":
            return
        off = (answer < -_TOLERANCE) | (answer > 1 + _TOLERANCE)
        if off.any() or not np.isfinite(answer).all():
            got = answer[off][0] if off.any() else "what is no number"
            raise UsageError(
                f"keras_model: {name}: got {got} for a {label.kind} label, expected probabilities "
                "from 0 to 1; end the model with a sigmoid, or a softmax for a category"
            )
        if label.decision == "likeliest" and abs(answer.sum(axis=1) - 1).max() > _TOLERANCE:
            raise UsageError(
                f"keras_model: {name}: got probabilities that do not add up to 1, expected those "
                "of a category; end the model with a softmax"
            )


def _inputs(model: keras.Model) -> Any:
    """The inputs that a model declares, as it was given them; None if it declares none."""
    try:
        return model.input
    except AttributeError:  # of a Sequential model, or of a class of one's own
        declared = getattr(model, "inputs", None)
        if not declared and isinstance(model, keras.Sequential):  # which has one input
            return keras.KerasTensor((None, None), "int64")
        return declared[0] if declared and len(declared) == 1 else declared or None
