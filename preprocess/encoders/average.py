"""The mean of a text's steps: a cheap baseline that is hard to beat."""

from __future__ import annotations

from typing import Literal

from preprocess.encoders.base import Encode, Encoder
from preprocess.encoders.pooling import masked_mean


class Average(Encoder):
    """Takes the mean over the steps of a text: no weights, and no order of words."""

    kind: Literal["average"] = "average"

    def make_layers(self, name: str, *, padding: str, for_serving: bool) -> Encode:
        """Makes no layer, as a mean has no weights; see `Encoder`."""
        return masked_mean
