"""LSTM: long short-term memory."""

from __future__ import annotations

from typing import Any, Literal

from preprocess.core.lazy import lazy_imports
from preprocess.encoders.recurrent import Recurrent

with lazy_imports():
    import keras


class Lstm(Recurrent):
    """Reads the steps of a text with an LSTM."""

    kind: Literal["lstm"] = "lstm"

    def _one_direction(self, **options: Any) -> keras.layers.RNN:
        return keras.layers.LSTM(self.units, **options)
