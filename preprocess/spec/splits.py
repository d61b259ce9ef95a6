"""Splits: by which rule rows are assigned to train, test and the others."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator

from preprocess.core.declared import Declared, PlainName, RawName
from preprocess.core.maxima import MAX_SPLITS, MAX_VALUES
from preprocess.core.problem import problem
from preprocess.spec.text_keys import keys_as_text

TRAIN = "train"
"""The split that vocabularies, classes and scales come from."""


class HashSplit(Declared):
    """Splits by a stable hash of a column."""

    by: RawName
    """The column that is hashed; rows of equal value share a split."""
    fractions: Annotated[
        dict[PlainName, Annotated[float, Field(gt=0, le=1)]],
        Field(min_length=1, max_length=MAX_SPLITS),
    ]
    """Share of each split; together 1."""

    @field_validator("fractions")
    @classmethod
    def _sum_to_one(cls, fractions: dict[str, float]) -> dict[str, float]:
        total = math.fsum(fractions.values())
        if abs(total - 1) > 1e-6:
            raise problem(
                f"got fractions that sum to {total:g}",
                "a sum of 1",
                "change the fractions so that every row has a split",
            )
        return fractions

    @property
    def names(self) -> list[str]:
        """The splits, in the order of the spec."""
        return list(self.fractions)


class ColumnSplit(Declared):
    """Splits by the values of a column."""

    column: RawName
    map: Annotated[
        dict[str, PlainName],
        Field(min_length=1, max_length=MAX_VALUES),
        BeforeValidator(keys_as_text),
    ]
    """Value of the column to split; a row with another value is rejected."""

    @property
    def names(self) -> list[str]:
        """The splits, in the order of the spec."""
        return list(dict.fromkeys(self.map.values()))


def _one_way(value: object) -> object:
    """The value, or a `problem` unless a mapping names one way of assigning splits."""
    if not isinstance(value, dict):
        return value
    by_hash, by_column = "by" in value, "column" in value
    if by_hash == by_column:
        raise problem(
            "got both by and column" if by_hash else "got neither by nor column",
            "exactly one of them",
            "give by and fractions, or column and map",
        )
    return value


def _split_tag(value: object) -> str:
    by_column = "column" in value if isinstance(value, dict) else isinstance(value, ColumnSplit)
    return "ColumnSplit" if by_column else "HashSplit"


Split = Annotated[
    Annotated[HashSplit, Tag("HashSplit")] | Annotated[ColumnSplit, Tag("ColumnSplit")],
    Discriminator(_split_tag),
    BeforeValidator(_one_way),
]
