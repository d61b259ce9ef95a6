"""Labels: the raw columns that a model is to predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from preprocess.core.declared import Declared

BINARY_CLASSES = ("0", "1")
"""The names of a binary label's values, by value."""


class BinaryLabel(Declared):
    """0 or 1 (or false/true), to become an int64 scalar."""

    kind: Literal["binary"] = "binary"


class CategoryLabel(Declared):
    """One of several classes, to become the int64 index of the class."""

    kind: Literal["category"] = "category"


class MultilabelLabel(Declared):
    """Any number of classes, to become an int64 multi-hot vector."""

    kind: Literal["multilabel"] = "multilabel"
    separator: Annotated[str, Field(min_length=1)] = ","
    """Splits a string column into class names; a list column needs none."""


class NumberLabel(Declared):
    """A number, or `size` numbers of a list column, to become float32."""

    kind: Literal["number"] = "number"
    size: Annotated[int, Field(ge=1)] | None = None
    """Length of the list column; null for a plain number."""


Label = Annotated[
    BinaryLabel | CategoryLabel | MultilabelLabel | NumberLabel, Field(discriminator="kind")
]


def class_key(label: str) -> str:
    """The key under which serving answers the likeliest class of a category."""
    return f"{label}_class"


def class_names(classes: Mapping[str, Sequence[str]], label: str) -> Sequence[str]:
    """The name of each value that a label with classes takes in a record, by value.

    Args:
      classes: as in a manifest: those of each category and multilabel, in the order of their
        indices; a binary label is not among them.
      label: name of the label.
    """
    return classes.get(label, BINARY_CLASSES)
