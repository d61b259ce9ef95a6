"""How a model is trained."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from preprocess.core.declared import Declared, PlainName, Rate
from preprocess.core.maxima import (
    MAX_COLUMNS,
    MAX_EPOCHS,
    MAX_FACTOR,
    MAX_LEARNING_RATE,
    MAX_SEED,
    MAX_VALUES,
)
from preprocess.core.problem import problem

Factor = Annotated[float, Field(gt=0, le=MAX_FACTOR, strict=False)]
Epochs = Annotated[int, Field(ge=1, le=MAX_EPOCHS)]

MAX_BATCH = 65_536
MAX_BATCH_TOKENS = 16_777_216
"""Steps that a layer holds the outputs of, for the gradient."""


class EarlyStopping(Declared):
    """Ends training when the loss on the validation split no longer falls."""

    patience: Epochs = 2
    """Epochs without an improvement after which training ends."""
    min_delta: Annotated[float, Field(ge=0, le=MAX_FACTOR, strict=False)] = 0.0
    """A smaller decrease does not count as an improvement."""


class Weights(Declared):
    """Weights by class that are not listed are 1."""

    classes: Annotated[dict[str, Factor], Field(max_length=MAX_VALUES)]


def _class_weights(value: object) -> object:
    if value == "balanced" or isinstance(value, Weights):
        return value
    if isinstance(value, dict):
        # A manifest holds the model's own form; a user writes the classes alone.
        own = value.keys() == {"classes"} and isinstance(value["classes"], dict)
        return value if own else {"classes": {str(key): item for key, item in value.items()}}
    raise problem(f"got {value!r}", "balanced or a mapping {CLASS: weight}", "use one of the two")


ClassWeights = Annotated[
    Annotated[Literal["balanced"], Tag("name")] | Annotated[Weights, Tag("Weights")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "Weights"),
    BeforeValidator(_class_weights),
]


class Training(Declared):
    """Optimizer, learning rate, epochs, batches."""

    optimizer: Literal["adam", "adamw", "nadam", "rmsprop", "sgd", "adagrad"] = "adam"
    learning_rate: Annotated[float, Field(gt=0, le=MAX_LEARNING_RATE, strict=False)] = 0.001
    schedule: Literal["constant", "cosine"] = "constant"
    """Whether the learning rate stays, or falls to 0 at the end of the last epoch."""
    warmup: Rate = 0.0
    """Fraction of all steps in which the learning rate rises from 0; needs a schedule."""
    clip_norm: Factor | None = 1.0
    """Scales the gradients down to this norm, over all weights, where it is larger; null: never.
    Without it an LSTM's training may be thrown back by a single batch."""
    epochs: Epochs = 3
    batch_size: Annotated[int, Field(ge=1, le=MAX_BATCH)] | None = None
    """Examples of a batch; 64 when `batch_tokens` is null too."""
    batch_tokens: Annotated[int, Field(ge=1, le=MAX_BATCH_TOKENS)] | None = None
    """Tokens of the bucket feature in a batch, padding included, instead of `batch_size`."""
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    """Seed of weights, dropout and the order of the examples."""
    validation: PlainName = "validation"
    """Split whose loss is watched, if the artifact has it: the best epoch's weights are kept."""
    early_stopping: EarlyStopping | None = None
    """When training ends early; null: all epochs are run."""
    class_weights: Annotated[dict[PlainName, ClassWeights], Field(max_length=MAX_COLUMNS)] = {}
    """By label: `balanced` (each class counts the same in total), or a mapping {CLASS: weight}."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.batch_size is not None and self.batch_tokens is not None:
            raise problem(
                f"got batch_size {self.batch_size} and batch_tokens {self.batch_tokens}",
                "one of the two",
                "remove one of them",
            )
        if self.warmup and self.schedule == "constant":
            raise problem(
                f"got {self.warmup} without a schedule",
                "schedule: cosine beside it",
                "add it, or remove warmup",
                at="warmup",
            )
        return self
