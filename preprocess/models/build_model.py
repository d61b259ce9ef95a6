"""The functional Keras model of a plan."""

from __future__ import annotations

from collections.abc import Collection

import keras

from preprocess.artifact.number_statistics import NumberScale
from preprocess.models.layer_names import reserve, unlike
from preprocess.models.model_plan import HeadPlan, ModelPlan
from preprocess.models.text_encoder import Tensor, TextEncoder, make_text_encoder


def build_model(
    plan: ModelPlan, *, for_serving: bool = False, for_training: bool = False
) -> keras.Model:
    """Builds the model, with weights drawn from Keras' seed.

    Built of Keras' own layers and operations alone, so that `keras.models.load_model` opens what
    is saved of it without this package.

    Args:
      plan: what to build.
      for_serving: without dropout, whose random state a SavedModel would carry along, and without
        the cuDNN kernel, so that what is traced on a GPU runs on any server. The weights are the
        same.
      for_training: answers number labels on the scale of their heads, where a loss does not depend
        on their units; else in original units. The weights are the same.

    Returns:
      Model from a dict of features, text: int64 (batch, steps), numeric: float32 (batch,), to a
      dict by label, float32 (batch, units): probabilities, or values of a number.
    """
    named = [*plan.features, *(head.name for head in plan.heads)]
    reserve(named)
    encoders = {name: make_text_encoder(text, for_serving) for name, text in plan.encoders.items()}
    inputs = _inputs(plan)
    joined = _joined(plan, encoders, inputs, unlike("joined", named))
    dropout = 0.0 if for_serving else plan.dropout
    for number, units in enumerate(plan.dense, 1):
        name = unlike(f"dense_{number}", named)
        joined = _dropped(joined, dropout, unlike(f"dropout_before_dense_{number}", named))
        joined = keras.layers.Dense(units, activation="relu", name=name)(joined)
    joined = _dropped(joined, dropout, unlike("dropout_before_heads", named))
    outputs = {h.name: _answer(h, joined, named, for_training) for h in plan.heads}
    return keras.Model(inputs, outputs, name="text2seq")


def _inputs(plan: ModelPlan) -> dict[str, Tensor]:
    texts = {t.feature: keras.Input((None,), dtype="int64", name=t.feature) for t in plan.texts}
    return texts | {n: keras.Input((), dtype="float32", name=n) for n in plan.numbers}


def _joined(
    plan: ModelPlan, encoders: dict[str, TextEncoder], inputs: dict[str, Tensor], name: str
) -> Tensor:
    parts = [encoders[text.encoder](inputs[text.feature]) for text in plan.texts]
    parts += [keras.ops.expand_dims(inputs[number], -1) for number in plan.numbers]
    if len(parts) == 1:
        return parts[0]
    return keras.layers.Concatenate(name=name)(parts)


def _dropped(tensor: Tensor, rate: float, name: str) -> Tensor:
    if not rate:
        return tensor
    return keras.layers.Dropout(rate, name=name)(tensor)


def _answer(head: HeadPlan, joined: Tensor, named: Collection[str], for_training: bool) -> Tensor:
    """A head's output; a number that has a scale is answered on it first."""
    activation = head.label.activation
    if head.scale is None:
        return keras.layers.Dense(head.units, activation=activation, name=head.name)(joined)
    name = unlike(f"{head.name}_standardised", named)
    standardised = keras.layers.Dense(head.units, activation=activation, name=name)(joined)
    scale, offset = (1.0, 0.0) if for_training else _scale_and_offset(head.scale)
    return keras.layers.Rescaling(scale, offset, name=head.name)(standardised)


def _scale_and_offset(scale: NumberScale) -> tuple[float | list[float], float | list[float]]:
    """Of a single number as plain numbers, for `Rescaling`."""
    if len(scale.mean) == 1:
        return scale.deviation[0], scale.mean[0]
    return scale.deviation, scale.mean
