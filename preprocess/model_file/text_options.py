"""How a text feature becomes one vector: embedding, projection, encoder."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from preprocess.core.declared import Declared, Rate
from preprocess.core.maxima import MAX_DIM, MAX_PATH, MAX_UNITS
from preprocess.core.problem import problem
from preprocess.encoders import AnyEncoder, Lstm

Missing = Literal["uniform", "normal", "mean", "zeros"]


class Embedding(Declared):
    """One row for each id of the vocabulary; row 0 is padding, which the mask hides."""

    dim: Annotated[int, Field(ge=1, le=MAX_DIM)] | None = None
    """Width of a row; null: the width of `vectors`, or 32 without them."""
    vectors: Annotated[str, Field(min_length=1, max_length=MAX_PATH)] | None = None
    """Pretrained word vectors: word2vec text or binary, or GloVe text; no pickle.
    A relative path starts at the folder of the model file."""
    trainable: bool = True
    """Whether training changes the rows; false freezes them."""
    missing: Missing = "uniform"
    """Rows of the words that `vectors` lacks: `uniform` in ±0.05 as Keras does, `normal` with mean
    and deviation of the vectors found, their `mean`, or `zeros`."""
    dropout: Rate = 0.0
    """Fraction of the embedding's columns that are zeroed in training, the same at every step."""


class Projection(Declared):
    """A dense layer applied at every step, between embedding and encoder."""

    units: Annotated[int, Field(ge=1, le=MAX_UNITS)] = 128
    use_bias: bool = True


class TextOptions(Declared):
    """What is built for a text feature."""

    embedding: Embedding = Field(default_factory=Embedding)
    projection: Projection | None = None
    """A dense layer at every step; null: none."""
    encoder: AnyEncoder = Field(default_factory=Lstm)
    """What makes one vector of the steps. In an override another kind replaces the whole block."""
    share: bool = False
    """Features on one vocabulary use one embedding, one projection and one encoder."""

    @model_validator(mode="before")
    @classmethod
    def _no_lstm(cls, data: object) -> object:
        """Refuses what model files said while the LSTM was the only encoder."""
        if isinstance(data, dict) and "lstm" in data:
            raise problem(
                "got the key lstm",
                "encoder, of which lstm is a kind",
                "write encoder: {kind: lstm, ...} with the options that stand there",
                at="lstm",
            )
        return data

    def overridden(self, by: TextOptions) -> TextOptions:
        """These options, but what `by` sets explicitly, and its encoder if of another kind."""
        ours, theirs = (options.model_dump(exclude_unset=True) for options in (self, by))
        return TextOptions.model_validate(_merged(ours, theirs))


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    if below.get("kind") != above.get("kind"):
        return above  # whose options are others
    merged = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            merged[key] = _merged(below[key], above[key])
    return merged
