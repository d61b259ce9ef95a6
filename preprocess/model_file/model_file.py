"""The model file: everything that a user declares about a model and its training."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from preprocess.core.declared import Declared, PlainName, Rate
from preprocess.core.maxima import MAX_COLUMNS, MAX_DENSE_UNITS, MAX_LAYERS
from preprocess.core.storage import starting_at
from preprocess.model_file.text_options import TextOptions
from preprocess.model_file.training_options import Factor, Training
from preprocess.spec.labels import LabelKind, Loss
from preprocess.spec.load import parse, read_declaration, validated

DenseUnits = Annotated[int, Field(ge=1, le=MAX_DENSE_UNITS)]


class Head(Declared):
    """What is declared of one label; its kind chooses units and activation."""

    loss: Loss | None = None
    """Null: binary_crossentropy for binary and multilabel, categorical_crossentropy for category,
    mse for number, for which mae and huber do, too."""
    weight: Factor = 1.0
    """Weight of this label's loss in the sum."""


class ModelFile(Declared):
    """A masked model for an artifact, an Embedding-LSTM by default. Everything has a default."""

    text: TextOptions = Field(default_factory=TextOptions)
    """What is built for every text feature."""
    features: Annotated[dict[PlainName, TextOptions], Field(max_length=MAX_COLUMNS)] = {}
    """Overrides by text feature: only what is set here differs from `text`."""
    dense: Annotated[list[DenseUnits], Field(max_length=MAX_LAYERS)] = []
    """Units of the layers (ReLU) after everything is concatenated."""
    dropout: Rate = 0.0
    """Fraction of the inputs that are dropped, in training, before each dense layer and head."""
    labels: Annotated[list[PlainName], Field(min_length=1, max_length=MAX_COLUMNS)] | None = None
    """Labels that get a head; null: all of the artifact."""
    heads: Annotated[dict[PlainName, Head], Field(max_length=MAX_COLUMNS)] = {}
    """What is declared of a label, by its name."""
    training: Training = Field(default_factory=Training)

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_defaults(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None}

    @field_validator("features", "heads", mode="before")
    @classmethod
    def _null_entries_are_defaults(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: {} if item is None else item for name, item in value.items()}

    @field_validator("features", mode="before")
    @classmethod
    def _encoders_keep_their_kind(cls, value: object, info: ValidationInfo) -> object:
        """An override that names no kind sets options of the kind that `text` has."""
        if not isinstance(value, dict):
            return value
        kind = info.data.get("text", TextOptions()).encoder.kind
        return {name: _with_kind(item, kind) for name, item in value.items()}

    def options(self, feature: str) -> TextOptions:
        """What is built for the text feature `feature`."""
        own = self.features.get(feature)
        return self.text if own is None else self.text.overridden(own)

    def loss(self, name: str, label: LabelKind) -> Loss:
        """The loss of a label called `name`, as declared or by default."""
        head = self.heads.get(name)
        return (head.loss if head else None) or label.losses[0]

    def below(self, folder: str) -> ModelFile:
        """This model file with the paths of vectors below `folder`."""
        features = {name: _below(options, folder) for name, options in self.features.items()}
        return self.model_copy(update={"text": _below(self.text, folder), "features": features})


def _with_kind(options: object, kind: str) -> object:
    if not isinstance(options, dict) or not isinstance(options.get("encoder"), dict):
        return options
    return {**options, "encoder": {"kind": kind, **options["encoder"]}}


def _below(options: TextOptions, folder: str) -> TextOptions:
    if options.embedding.vectors is None:
        return options
    vectors = starting_at(folder, options.embedding.vectors)
    embedding = options.embedding.model_copy(update={"vectors": vectors})
    return options.model_copy(update={"embedding": embedding})


def load_model_file(path: str) -> ModelFile:
    """Reads a model file (YAML, of which JSON is a part).

    Raises:
      SpecError: the file is missing, is no YAML, or declares something that cannot be.
    """
    return parse(read_declaration(path, "model file"), path, ModelFile).below(os.path.dirname(path))


def model_file_of(declared: Mapping[str, Any]) -> ModelFile:
    """A model file from what one would declare; relative paths start at the working directory.

    Raises:
      SpecError: it declares something that cannot be.
    """
    return validated(dict(declared), "model file", ModelFile)
