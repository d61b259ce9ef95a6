"""What every encoder is: declared options, and Keras layers from a text's steps to one vector."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Self, TypeAlias

from pydantic import model_validator

from preprocess.core.declared import Declared
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import keras

Encode: TypeAlias = "Callable[[keras.KerasTensor, keras.KerasTensor], keras.KerasTensor]"
"""Steps, float32 (batch, steps, width), and their mask, bool (batch, steps), which shows at least
one step of every text, to a vector of each text, float32 (batch, any width)."""


class Encoder(Declared):
    """The options of an encoder, and the Keras layers that they declare.

    An instance is a plain value: it can be compared, pickled and written into `model.json`.
    Keras is imported only when layers are made.
    """

    kind: str

    @model_validator(mode="after")
    def _write_the_kind(self) -> Self:
        """What is set explicitly always has the kind: of another kind, it would mean another."""
        self.model_fields_set.add("kind")
        return self

    @abstractmethod
    def make_layers(self, name: str, *, padding: str, for_serving: bool) -> Encode:
        """Makes the layers, once for all texts that share them.

        They must be Keras' own, so that `keras.models.load_model` opens a model without this
        package, and no masked step may change what they give. What they give for a text without
        tokens is zeroed afterwards, but must be finite.

        Args:
          name: begins the name of every layer.
          padding: "pre" or "post", the end of a text that has the zeros.
          for_serving: without dropout, and without kernels that run on one kind of device only.
        """

    @property
    def in_words(self) -> str:
        """What the encoder is, as a report says it."""
        return self.kind
