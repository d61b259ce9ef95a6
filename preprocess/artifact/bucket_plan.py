"""How long the sequences of a record are."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from preprocess.core.declared import Declared
from preprocess.core.problem import problem

# Tokens of a record: TensorFlow counts what a tensor holds in int64.
_Tokens = Annotated[int, Field(ge=1, lt=2**31)]


class BucketPlan(Declared):
    """The padded lengths of every bucket.

    A record goes to the least boundary that is not below the length of the text feature `by`.
    """

    by: str
    boundaries: Annotated[list[_Tokens], Field(min_length=1)]
    lengths: dict[str, _Tokens]
    """Padded length of each other text feature."""

    @model_validator(mode="after")
    def _boundaries_rise(self) -> BucketPlan:
        for before, after in pairwise(self.boundaries):
            if after <= before:
                raise problem(
                    f"got {after} after {before}",
                    "each above the one before it",
                    "put them in order",
                    at="boundaries",
                )
        return self

    def padded_length(self, feature: str, boundary: int) -> int:
        """Length of `feature` in the records of the bucket `boundary`, in tokens."""
        return boundary if feature == self.by else self.lengths[feature]
