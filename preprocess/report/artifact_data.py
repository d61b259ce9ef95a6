"""What a report is made of: everything that is known of an artifact without its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.rejected_reasons import Reason
from preprocess.artifact.statistics import BucketStatistics, FeatureStatistics
from preprocess.artifact.word_index import WordIndex
from preprocess.report.palette import colour
from preprocess.spec import TRAIN, Spec


@dataclass(frozen=True)
class ArtifactData:
    """What a report needs of an artifact.

    Attributes:
      artifact: opened.
      words: by vocabulary.
      reasons: of rejected rows.
    """

    artifact: OpenedArtifact
    words: Mapping[str, WordIndex]
    reasons: list[Reason]

    @classmethod
    def read(cls, artifact: OpenedArtifact) -> ArtifactData:
        """Reads what a report needs of an artifact.

        Raises:
          ArtifactError: a part of the artifact is missing or damaged.
        """
        words = {name: artifact.word_index(name) for name in artifact.manifest.vocabulary_sizes}
        return cls(artifact, words, artifact.rejected_reasons())

    @property
    def path(self) -> str:
        """The folder or URI of the artifact."""
        return self.artifact.path

    @property
    def manifest(self) -> Manifest:
        """What the artifact declares."""
        return self.artifact.manifest

    @property
    def spec(self) -> Spec:
        """What the build declared."""
        return self.artifact.spec

    @property
    def records(self) -> int:
        """Number of records of all splits."""
        return sum(self.manifest.rows.written.values())

    @cached_property
    def splits(self) -> list[str]:
        """The splits that have records."""
        return [split for split, records in self.manifest.rows.written.items() if records]

    @property
    def main_split(self) -> str:
        """The split that texts and classes are described by: train, else the first with records."""
        return TRAIN if TRAIN in self.splits else self.splits[0]

    def colour(self, split: str) -> str:
        """The colour of a split, in every chart."""
        return colour(self.manifest.splits.index(split))

    def feature(self, split: str, name: str) -> FeatureStatistics:
        """The counts of a text feature."""
        return self.artifact.statistics.of(split).feature(name)

    def tokens(self, split: str, vocabulary: str) -> tuple[int, int]:
        """Tokens, and unknown ones among them, of all features with this vocabulary."""
        counted = [self.feature(split, name) for name in self.spec.features_of(vocabulary)]
        return sum(of.tokens for of in counted), sum(of.oov for of in counted)

    def lengths(self, name: str, *splits: str) -> NDArray[np.int64]:
        """Records by length of a text feature, all splits unless some are named.

        Returns:
          int64 (longest + 1,): how many records have each length, in tokens.
        """
        named = [self.feature(split, name) for split in splits or self.splits]
        return sum(named, FeatureStatistics()).histogram()

    def bucket(self, boundary: int, *splits: str) -> BucketStatistics:
        """The counts of a bucket, of all splits unless some are named."""
        named = [self.artifact.statistics.of(split) for split in splits or self.splits]
        return sum((of.bucket(boundary) for of in named), BucketStatistics())

    def classes(self, label: str) -> Sequence[str]:
        """The name of each value that a label with classes takes, by value."""
        return self.artifact.classes(label)

    def class_counts(self, split: str, label: str) -> NDArray[np.int64]:
        """Records with each class, by index."""
        counted = self.artifact.statistics.of(split).labels.get(label, {})
        return np.array([counted.get(i, 0) for i in range(len(self.classes(label)))], np.int64)
