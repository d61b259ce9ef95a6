"""Features: the raw columns that a model is given."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from preprocess.core.columns import RawColumn
from preprocess.core.declared import PlainName
from preprocess.core.maxima import MAX_STEPS
from preprocess.spec.source_column import FromColumn

Side = Literal["pre", "post"]


class TextFeature(FromColumn):
    """A column of text, to become a sequence of ids."""

    kind: Literal["text"] = "text"
    vocabulary: PlainName = "words"
    """The vocabulary of this feature; features that name the same one share its ids."""
    max_length: Annotated[int, Field(ge=1, le=MAX_STEPS)] | None = None
    """Tokens kept of a text; null keeps all."""
    truncating: Side = "post"
    """The end that is cut when a text is longer than `max_length`."""
    padding: Side = "post"
    """The end that gets zeros."""


class NumericFeature(FromColumn):
    """A column of numbers, to become a float32 scalar."""

    kind: Literal["numeric"] = "numeric"
    scale: Literal["z_score", "min_max", "none"] = "none"
    """`z_score`: (x - mean) / standard deviation; `min_max`: (x - min) / (max - min)."""

    @property
    def raw(self) -> RawColumn:
        """The column as a source gives it."""
        return RawColumn("number")


Feature = Annotated[TextFeature | NumericFeature, Field(discriminator="kind")]

DEFAULT_FEATURE = TextFeature
"""What a feature is that names no kind."""


def length_key(feature: str) -> str:
    """What the length in tokens of the text feature `feature` is called beside its ids."""
    return f"{feature}_length"
