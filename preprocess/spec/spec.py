"""The spec: everything that a user declares about a build."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from preprocess.core.declared import Declared, PlainName
from preprocess.spec.checks import check
from preprocess.spec.features import (
    CategoryLabel,
    Feature,
    Label,
    MultilabelLabel,
    NumericFeature,
    TextFeature,
)
from preprocess.spec.splits import Buckets, HashSplit, Output, Rejects, Split
from preprocess.spec.vocabulary import Vocabulary

DEFAULT_VOCABULARY = "words"
TRAIN = "train"


class Spec(Declared):
    """What to do with which columns. `features` is the only key that must be there."""

    features: Annotated[dict[PlainName, Feature], Field(min_length=1)]
    """Raw column to feature."""
    labels: dict[PlainName, Label] = {}
    """Raw column to label."""
    vocabularies: dict[PlainName, Vocabulary] = {}
    """Vocabularies by name; a text feature that names none uses `words`."""
    splits: Split | None = None
    """How rows are dealt out; null: by input, see `--input SPLIT=GLOB`."""
    keep: list[PlainName] = []
    """Columns carried through to the records untouched."""
    buckets: Buckets = Field(default_factory=Buckets)
    rejects: Rejects = Field(default_factory=Rejects)
    output: Output = Field(default_factory=Output)

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: object) -> object:
        return _with_default_kinds(_with_default_vocabulary(data))

    @model_validator(mode="after")
    def _check(self) -> Spec:
        check(self)
        return self

    @property
    def text_features(self) -> dict[str, TextFeature]:
        """The text features, in the order of the spec."""
        return {n: f for n, f in self.features.items() if isinstance(f, TextFeature)}

    @property
    def numeric_features(self) -> dict[str, NumericFeature]:
        """The numeric features, in the order of the spec."""
        return {n: f for n, f in self.features.items() if isinstance(f, NumericFeature)}

    @property
    def class_labels(self) -> dict[str, CategoryLabel | MultilabelLabel]:
        """The labels that have classes."""
        return {
            n: label
            for n, label in self.labels.items()
            if isinstance(label, CategoryLabel | MultilabelLabel)
        }

    @property
    def bucket_feature(self) -> str:
        """The text feature whose length chooses the bucket."""
        return self.buckets.by or next(iter(self.text_features))

    @property
    def split_column(self) -> str | None:
        """The raw column that splits are made by, if any."""
        if isinstance(self.splits, HashSplit):
            return self.splits.by
        return self.splits.column if self.splits else None

    @property
    def columns(self) -> list[str]:
        """Every raw column that a build reads, each once."""
        named = [*self.features, *self.labels, *self.keep]
        named += [self.split_column] if self.split_column else []
        return list(dict.fromkeys(named))


def _with_default_vocabulary(data: object) -> object:
    """Declares `words` when a text feature relies on it and nobody declared it."""
    if not isinstance(data, dict) or not isinstance(data.get("features"), dict):
        return data
    declared = {} if data.get("vocabularies") is None else data["vocabularies"]
    relies = any(
        isinstance(f, dict) and f.get("kind", "text") == "text" and "vocabulary" not in f
        for f in (feature or {} for feature in data["features"].values())
    )
    if not relies or not isinstance(declared, dict) or DEFAULT_VOCABULARY in declared:
        return data
    return {**data, "vocabularies": {**declared, DEFAULT_VOCABULARY: {}}}


def _with_default_kinds(data: object) -> object:
    """Fills in `kind: text` for features and `kind: binary` for labels; null means all defaults."""
    if not isinstance(data, dict):
        return data
    # A key without a value (`vocabularies:`) is null in YAML and means "all defaults".
    data = {key: value for key, value in data.items() if value is not None or key == "features"}
    for key, kind in (("features", "text"), ("labels", "binary")):
        if isinstance(data.get(key), dict):
            data[key] = {name: _with_kind(item, kind) for name, item in data[key].items()}
    vocabularies = data.get("vocabularies")
    if isinstance(vocabularies, dict):
        data["vocabularies"] = {name: item or {} for name, item in vocabularies.items()}
    return data


def _with_kind(item: object, kind: str) -> object:
    if item is None:
        return {"kind": kind}
    if isinstance(item, dict) and "kind" not in item:
        return {"kind": kind, **item}
    return item
