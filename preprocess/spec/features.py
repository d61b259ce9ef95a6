"""Features and labels: what each raw column means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from preprocess.core.declared import Declared, PlainName

Side = Literal["pre", "post"]


class TextFeature(Declared):
    """A column of text, to become a sequence of ids."""

    kind: Literal["text"] = "text"
    vocabulary: PlainName = "words"
    """The vocabulary of this feature; features that name the same one share its ids."""
    max_length: Annotated[int, Field(ge=1)] | None = None
    """Tokens kept of a text; null keeps all."""
    truncating: Side = "post"
    """The end that is cut when a text is longer than `max_length`."""
    padding: Side = "post"
    """The end that gets zeros."""


class NumericFeature(Declared):
    """A column of numbers, to become a float32 scalar."""

    kind: Literal["numeric"] = "numeric"
    scale: Literal["z_score", "min_max", "none"] = "none"
    """`z_score`: (x - mean) / standard deviation; `min_max`: (x - min) / (max - min)."""


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


Feature = Annotated[TextFeature | NumericFeature, Field(discriminator="kind")]
Label = Annotated[
    BinaryLabel | CategoryLabel | MultilabelLabel | NumberLabel, Field(discriminator="kind")
]
