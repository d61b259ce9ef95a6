"""A text as one vector: embedding, projection at every step, encoder, all masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import keras
from keras import ops

from preprocess.encoders.base import Encode
from preprocess.model_file import TextOptions, encoder_names
from preprocess.models.model_plan import TextPlan

Tensor: TypeAlias = keras.KerasTensor


@dataclass(frozen=True)
class TextEncoder:
    """The layers from ids to a vector, made once and applied to every text that shares them.

    Attributes:
      embedding: ids to rows; its mask hides padding.
      before: layers between embedding and encoder, in order; they hand each step on by itself.
      encode: the declared encoder: steps to a vector.
    """

    embedding: keras.layers.Embedding
    before: list[keras.Layer]
    encode: Encode

    def __call__(self, ids: Tensor) -> Tensor:
        """Encodes a text.

        Args:
          ids: int64 (batch, steps), padded on either end.

        Returns:
          float32 (batch, width); zeros for a text without tokens, whatever its padding.
        """
        mask = self.embedding.compute_mask(ids)
        seen = mask_first_of_empty(mask)
        steps = self.embedding(ids)
        for layer in self.before:
            steps = layer(steps)
        vector = self.encode(steps, seen)
        return vector * ops.cast(ops.any(mask, axis=1, keepdims=True), vector.dtype)


def mask_first_of_empty(mask: Tensor) -> Tensor:
    """The mask, but a text without tokens shows its first step.

    The cuDNN kernel takes no row that is masked as a whole, and a mean of no steps is no number.
    What an encoder makes of such a row is zeroed afterwards.

    Args:
      mask: bool (batch, steps).

    Returns:
      bool (batch, steps).
    """
    empty = ops.logical_not(ops.any(mask, axis=1, keepdims=True))
    # 1 at the first step, as no other precedes it.
    first = ops.equal(ops.cumsum(ops.ones_like(mask, "int32"), axis=1), 1)
    return ops.logical_or(mask, ops.logical_and(empty, first))


def make_text_encoder(text: TextPlan, for_serving: bool) -> TextEncoder:
    """The layers that `text` declares; see `build_model`."""
    options, name = text.options, text.layers
    dropout = 0.0 if for_serving else options.embedding.dropout
    return TextEncoder(
        embedding=_embedding(text),
        before=_before(options, name, dropout),
        encode=options.encoder.make_layers(name, padding=text.padding, for_serving=for_serving),
    )


def _embedding(text: TextPlan) -> keras.layers.Embedding:
    return keras.layers.Embedding(
        text.rows,
        text.dim,
        mask_zero=True,
        trainable=text.options.embedding.trainable,
        name=embedding_layer(text),
    )


def embedding_layer(text: TextPlan) -> str:
    """Name of the embedding of `text` in the Keras model."""
    return encoder_names.embedding_layer(text.layers)


def _before(options: TextOptions, name: str, dropout: float) -> list[keras.Layer]:
    layers: list[keras.Layer] = []
    if dropout:
        layers.append(keras.layers.SpatialDropout1D(dropout, name=f"{name}_embedding_dropout"))
    if options.projection is not None:
        layers.append(
            keras.layers.Dense(
                options.projection.units,
                use_bias=options.projection.use_bias,
                name=f"{name}_projection",
            )
        )
    return layers
