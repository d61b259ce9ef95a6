"""GRU: gated recurrent units, three quarters of an LSTM's weights."""

from __future__ import annotations

from typing import Any, Literal

from preprocess.core.lazy import lazy_imports
from preprocess.encoders.recurrent import Recurrent

with lazy_imports():
    import keras


class Gru(Recurrent):
    """Reads the steps of a text with a GRU."""

    kind: Literal["gru"] = "gru"

    def _one_direction(self, **options: Any) -> keras.layers.RNN:
        return keras.layers.GRU(self.units, **options)
