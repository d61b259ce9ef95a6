"""What a report is made of: everything that is known of an artifact without its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.layout import Layout, bucket_name
from preprocess.artifact.manifest import Manifest, read_manifest
from preprocess.artifact.statistics import Reason, Statistics, read_statistics, rejected_reasons
from preprocess.artifact.word_index import WordIndex
from preprocess.report.palette import colour
from preprocess.spec import TRAIN, Spec
from preprocess.spec.labels import class_names


@dataclass(frozen=True)
class ArtifactData:
    """What a report needs of an artifact.

    Attributes:
      layout: where it lies.
      manifest: what it declares.
      statistics: what was counted, by split.
      words: by vocabulary.
      reasons: of rejected rows.
    """

    layout: Layout
    manifest: Manifest
    statistics: Statistics
    words: Mapping[str, WordIndex]
    reasons: list[Reason]

    @classmethod
    def read(cls, artifact: str) -> ArtifactData:
        """Reads what a report needs of an artifact.

        Raises:
          ArtifactError: the artifact is missing, incomplete or damaged.
        """
        manifest, layout = read_manifest(artifact), Layout(artifact)
        names = manifest.vocabulary_sizes
        return cls(
            layout=layout,
            manifest=manifest,
            statistics=read_statistics(layout),
            words={name: WordIndex.read(layout.words_tsv(name)) for name in names},
            reasons=rejected_reasons(manifest, layout),
        )

    @property
    def spec(self) -> Spec:
        return self.manifest.spec

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

    def feature(self, split: str, name: str) -> Mapping[str, Any]:
        """tokens and oov, both before cutting; lengths: records by length, in tokens."""
        features = self.statistics.get(split, {}).get("features", {})
        return features.get(name, {"tokens": 0, "oov": 0, "lengths": {}})

    def tokens(self, split: str, vocabulary: str) -> tuple[int, int]:
        """Tokens, and unknown ones among them, of all features with this vocabulary."""
        counted = [self.feature(split, name) for name in self.spec.features_of(vocabulary)]
        return sum(c["tokens"] for c in counted), sum(c["oov"] for c in counted)

    def lengths(self, name: str, *splits: str) -> NDArray[np.int64]:
        """Records by length of a text feature, all splits unless some are named.

        Returns:
          int64 (longest + 1,): how many records have each length, in tokens.
        """
        named = [self.feature(split, name)["lengths"] for split in splits or self.splits]
        longest = max((int(length) for counted in named for length in counted), default=0)
        histogram = np.zeros(longest + 1, np.int64)
        for counted in named:
            for length, records in counted.items():
                histogram[int(length)] += records
        return histogram

    def bucket(self, split: str, boundary: int) -> Mapping[str, int]:
        """The counts of a bucket: records, tokens and padded_tokens."""
        buckets = self.statistics.get(split, {}).get("buckets", {})
        empty = {"records": 0, "tokens": 0, "padded_tokens": 0}
        return buckets.get(bucket_name(boundary), empty)

    def classes(self, label: str) -> Sequence[str]:
        """The name of each value that a label with classes takes, by value."""
        return class_names(self.manifest.classes, label)

    def class_counts(self, split: str, label: str) -> NDArray[np.int64]:
        """Records with each class, by index."""
        counted = self.statistics.get(split, {}).get("labels", {}).get(label, {})
        return np.array([counted.get(str(i), 0) for i in range(len(self.classes(label)))], np.int64)
