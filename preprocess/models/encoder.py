"""A text as one vector: embedding, projection at every step, LSTM, all masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import keras
from keras import ops

from preprocess.model_file import Lstm, TextOptions
from preprocess.models.model_plan import TextPlan

Tensor: TypeAlias = keras.KerasTensor


@dataclass(frozen=True)
class Encoder:
    """The layers of an encoder, made once and applied to every text that shares them.

    Attributes:
      embedding: ids to rows; its mask hides padding.
      before: layers between embedding and LSTM, in order; they hand each step on by itself.
      lstms: in order.
      pooling: "last", "max" or "mean".
    """

    embedding: keras.layers.Embedding
    before: list[keras.Layer] = field(default_factory=list)
    lstms: list[keras.Layer] = field(default_factory=list)
    pooling: str = "last"

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
        for layer in self.lstms:
            steps = layer(steps, mask=seen)
        pooled = pool(steps, seen, self.pooling)
        return pooled * ops.cast(ops.any(mask, axis=1, keepdims=True), pooled.dtype)


def mask_first_of_empty(mask: Tensor) -> Tensor:
    """The mask, but a text without tokens shows its first step.

    The cuDNN kernel takes no row that is masked as a whole. What it makes of such a row is zeroed
    afterwards.

    Args:
      mask: bool (batch, steps).

    Returns:
      bool (batch, steps).
    """
    empty = ops.logical_not(ops.any(mask, axis=1, keepdims=True))
    # 1 at the first step, as no other precedes it.
    first = ops.equal(ops.cumsum(ops.ones_like(mask, "int32"), axis=1), 1)
    return ops.logical_or(mask, ops.logical_and(empty, first))


def pool(steps: Tensor, mask: Tensor, pooling: str) -> Tensor:
    """One vector of a text's steps: float32 (batch, width); `last` is what the LSTM has taken."""
    if pooling == "last":
        return steps
    shown = ops.expand_dims(mask, -1)
    if pooling == "max":
        return ops.max(ops.where(shown, steps, -float("inf")), axis=1)
    weights = ops.cast(shown, steps.dtype)
    return ops.sum(steps * weights, axis=1) / ops.sum(weights, axis=1)


def make_encoder(text: TextPlan, for_serving: bool) -> Encoder:
    """The layers that `text` declares; see `build_model`."""
    options, name = text.options, text.encoder
    lstm = options.lstm
    # The cuDNN kernel takes padding at the end only.
    use_cudnn = "auto" if text.padding == "post" and not for_serving else False
    dropouts = (0.0, 0.0) if for_serving else (options.embedding.dropout, lstm.dropout)
    return Encoder(
        embedding=_embedding(text),
        before=_before(options, name, dropouts[0]),
        lstms=[_lstm(lstm, name, i, dropouts[1], use_cudnn) for i in range(lstm.layers)],
        pooling=lstm.pooling,
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
    return f"{text.encoder}_embedding"


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


def _lstm(lstm: Lstm, name: str, index: int, dropout: float, use_cudnn: bool | str) -> keras.Layer:
    is_last = index + 1 == lstm.layers
    own = f"{name}_lstm_{index + 1}" if lstm.layers > 1 else f"{name}_lstm"
    layer = keras.layers.LSTM(
        lstm.units,
        dropout=dropout,
        return_sequences=not is_last or lstm.pooling != "last",
        use_cudnn=use_cudnn,
        name=own,
    )
    if not lstm.bidirectional:
        return layer
    return keras.layers.Bidirectional(layer, name=f"{own}_both")
