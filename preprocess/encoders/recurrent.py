"""What encoders share that read a text step by step, in one direction or both."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal

from pydantic import Field

from preprocess.core.declared import Rate
from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_LAYERS, MAX_UNITS
from preprocess.encoders.base import Encode, Encoder
from preprocess.encoders.pooling import masked_max, masked_mean

with lazy_imports():
    import keras


class Recurrent(Encoder):
    """Recurrent layers, one upon the other; a masked step leaves their state as it is."""

    units: Annotated[int, Field(ge=1, le=MAX_UNITS)] = 100
    layers: Annotated[int, Field(ge=1, le=MAX_LAYERS)] = 1
    bidirectional: bool = False
    """Reads from both ends and concatenates: the output is twice as wide."""
    dropout: Rate = 0.0
    """Fraction of each layer's inputs that are dropped in training."""
    pooling: Literal["last", "max", "mean"] = "last"
    """What is taken of the outputs: the last, or the largest or mean over the steps of a text."""

    def make_layers(self, name: str, *, padding: str, for_serving: bool) -> Encode:
        """Makes `layers` layers; see `Encoder`."""
        # The cuDNN kernel takes padding at the end only.
        use_cudnn = "auto" if padding == "post" and not for_serving else False
        dropout = 0.0 if for_serving else self.dropout
        layers = [
            self._layer(name, index, dropout=dropout, use_cudnn=use_cudnn)
            for index in range(self.layers)
        ]

        def encode(steps: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
            for layer in layers:
                steps = layer(steps, mask=mask)
            if self.pooling == "last":  # the last layer has taken it
                return steps
            return masked_max(steps, mask) if self.pooling == "max" else masked_mean(steps, mask)

        return encode

    def _layer(self, name: str, index: int, **options: Any) -> keras.Layer:
        is_last = index + 1 == self.layers
        own = f"{name}_{self.kind}_{index + 1}" if self.layers > 1 else f"{name}_{self.kind}"
        all_steps = not is_last or self.pooling != "last"
        layer = self._one_direction(name=own, return_sequences=all_steps, **options)
        if not self.bidirectional:
            return layer
        return keras.layers.Bidirectional(layer, name=f"{own}_both")

    @abstractmethod
    def _one_direction(self, **options: Any) -> keras.layers.RNN:
        """A layer of `units` that reads from the front; `options` are of Keras' RNN layers."""

    @property
    def in_words(self) -> str:
        layers = f"{self.layers} × " if self.layers > 1 else ""
        direction = "bidirectional " if self.bidirectional else ""
        return f"{layers}{direction}{self.kind.upper()} {self.units}"
