"""The sections of a spec, and what follows from them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from preprocess.core.columns import RawColumn
from preprocess.core.declared import Declared, PlainName
from preprocess.core.maxima import MAX_COLUMNS
from preprocess.spec.features import Feature, NumericFeature, TextFeature
from preprocess.spec.formats import Format, Suffix
from preprocess.spec.labels import Label
from preprocess.spec.output import Buckets, Output, Rejects
from preprocess.spec.source_column import KeptColumn
from preprocess.spec.splits import HashSplit, Split
from preprocess.spec.vocabulary import Vocabulary

MAX_SUFFIXES = 100


class SpecSections(Declared):
    """The sections that `Spec` checks together; see there."""

    features: Annotated[dict[PlainName, Feature], Field(min_length=1, max_length=MAX_COLUMNS)]
    """Name to feature; the name is that of the raw column, unless `column` says another."""
    labels: Annotated[dict[PlainName, Label], Field(max_length=MAX_COLUMNS)] = {}
    """Name to label; the name is that of the raw column, unless `column` says another."""
    vocabularies: Annotated[dict[PlainName, Vocabulary], Field(max_length=MAX_COLUMNS)] = {}
    """Vocabularies by name; a text feature that names none uses `words`."""
    splits: Split | None = None
    """How rows are assigned to splits; null: by input, see `--input SPLIT=GLOB`."""
    keep: Annotated[list[KeptColumn], Field(max_length=MAX_COLUMNS)] = []
    """Columns carried through to the records untouched: names, or `{name: …, column: …}`."""
    formats: Annotated[dict[Suffix, Format], Field(max_length=MAX_SUFFIXES)] = {}
    """How files are read, by suffix: csv, tsv, txt, or any other without its dot."""
    buckets: Buckets = Field(default_factory=Buckets)
    rejects: Rejects = Field(default_factory=Rejects)
    output: Output = Field(default_factory=Output)

    @property
    def text_features(self) -> dict[str, TextFeature]:
        """The text features, in the order of the spec."""
        return {n: f for n, f in self.features.items() if isinstance(f, TextFeature)}

    def features_of(self, vocabulary: str) -> list[str]:
        """The text features that use a vocabulary, in the order of the spec."""
        return [n for n, f in self.text_features.items() if f.vocabulary == vocabulary]

    @property
    def numeric_features(self) -> dict[str, NumericFeature]:
        """The numeric features, in the order of the spec."""
        return {n: f for n, f in self.features.items() if isinstance(f, NumericFeature)}

    @property
    def class_labels(self) -> dict[str, Label]:
        """The labels whose classes are learnt from the train split."""
        return {name: label for name, label in self.labels.items() if label.learns_classes}

    @property
    def bucket_feature(self) -> str:
        """The text feature whose length chooses the bucket."""
        return self.buckets.by or next(iter(self.text_features))

    @property
    def kept(self) -> list[str]:
        """The names of the kept columns, in the order of the spec."""
        return [column.name for column in self.keep]

    @property
    def raw_columns(self) -> dict[str, RawColumn]:
        """Each feature and label as a source gives it, in this order."""
        return {name: self._raw(item) for name, item in {**self.features, **self.labels}.items()}

    def _raw(self, declared: Feature | Label) -> RawColumn:
        if isinstance(declared, TextFeature):
            return self.vocabularies[declared.vocabulary].tokenizer.raw
        return declared.raw

    @property
    def source_columns(self) -> dict[str, str]:
        """The raw column of each feature, label and kept column, in this order."""
        kept = {column.name: column for column in self.keep}
        named = {**self.features, **self.labels, **kept}
        return {name: declared.column or name for name, declared in named.items()}

    @property
    def split_column(self) -> str | None:
        """The raw column that splits are made by, if any."""
        if isinstance(self.splits, HashSplit):
            return self.splits.by
        return self.splits.column if self.splits else None

    @property
    def columns(self) -> list[str]:
        """Every raw column that a build reads, each once."""
        named = list(self.source_columns.values())
        named += [self.split_column] if self.split_column else []
        return list(dict.fromkeys(named))
