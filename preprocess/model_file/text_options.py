"""How a text feature becomes one vector: embedding, projection, LSTM."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from preprocess.core.declared import Declared

Positive = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(ge=0, lt=1, strict=False)]
Missing = Literal["uniform", "normal", "mean", "zeros"]


class Embedding(Declared):
    """One row for each id of the vocabulary; row 0 is padding, which the mask hides."""

    dim: Positive | None = None
    """Width of a row; null: the width of `vectors`, or 32 without them."""
    vectors: Annotated[str, Field(min_length=1)] | None = None
    """Pretrained word vectors: word2vec text or binary, GloVe text, or gensim's KeyedVectors.
    A relative path starts at the folder of the model file."""
    trainable: bool = True
    """Whether training changes the rows; false freezes them."""
    missing: Missing = "uniform"
    """Rows of the words that `vectors` lacks: `uniform` in ±0.05 as Keras does, `normal` with mean
    and deviation of the vectors found, their `mean`, or `zeros`."""
    dropout: Rate = 0.0
    """Fraction of the embedding's columns that are zeroed in training, the same at every step."""


class Projection(Declared):
    """A dense layer applied at every step, between embedding and LSTM."""

    units: Positive = 128
    use_bias: bool = True


class Lstm(Declared):
    """The LSTM that reads the sequence."""

    units: Positive = 100
    layers: Positive = 1
    bidirectional: bool = False
    """Reads from both ends and concatenates: the output is twice as wide."""
    dropout: Rate = 0.0
    """Fraction of each layer's inputs that are dropped in training."""
    pooling: Literal["last", "max", "mean"] = "last"
    """What is taken of the outputs: the last, or the largest or mean over the steps of a text."""


class TextOptions(Declared):
    """What is built for a text feature."""

    embedding: Embedding = Field(default_factory=Embedding)
    projection: Projection | None = None
    """A dense layer at every step; null: none."""
    lstm: Lstm = Field(default_factory=Lstm)
    share: bool = False
    """Features on one vocabulary use one embedding, one projection and one LSTM."""

    def overridden(self, by: TextOptions) -> TextOptions:
        """These options, but what `by` sets explicitly."""
        ours, theirs = (options.model_dump(exclude_unset=True) for options in (self, by))
        return TextOptions.model_validate(_merged(ours, theirs))


def _merged(below: dict, above: dict) -> dict:
    merged = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            merged[key] = _merged(below[key], above[key])
    return merged
