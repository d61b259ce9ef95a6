"""What a build counted of its records: values that add up, as `statistics.json` holds them."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, RootModel, ValidationError, computed_field

from preprocess.artifact.layout import bucket_name
from preprocess.artifact.number_statistics import NumberStatistics
from preprocess.core.declared import Declared
from preprocess.core.errors import ArtifactError

_COMMAND = "text2seq build"

S = TypeVar("S", "FeatureStatistics", "BucketStatistics", NumberStatistics)


class Counted(Declared):
    """Base of the counts; the rates among them are written for readers, and not read again."""

    model_config = ConfigDict(extra="ignore")


class FeatureStatistics(Counted):
    """The tokens of a text feature."""

    tokens: int = 0
    """Tokens before cutting."""
    oov: int = 0
    """Tokens without a word's id among them."""
    longest: int = 0
    """Tokens of the longest text before cutting, without those that the vocabulary drops."""
    lengths: dict[int, int] = {}
    """Records by length in tokens, after cutting."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def oov_fraction(self) -> float:
        """Tokens without a word's id among all; 0 where there are none."""
        return self.oov / max(self.tokens, 1)

    def __add__(self, other: FeatureStatistics) -> FeatureStatistics:
        return FeatureStatistics(
            tokens=self.tokens + other.tokens,
            oov=self.oov + other.oov,
            longest=max(self.longest, other.longest),
            lengths=_sum(self.lengths, other.lengths),
        )

    def quantiles(self, fractions: Iterable[float]) -> list[int]:
        """The least lengths that hold these fractions of the records; 0 where there are none."""
        lengths = sorted(self.lengths)
        held = list(accumulate(self.lengths[length] for length in lengths))
        if not held:
            return [0 for _ in fractions]
        return [lengths[bisect_left(held, fraction * held[-1])] for fraction in fractions]

    def histogram(self) -> NDArray[np.int64]:
        """Records of each length from 0 to the longest: int64 (longest + 1,)."""
        histogram = np.zeros(max(self.lengths, default=0) + 1, np.int64)
        histogram[list(self.lengths)] = list(self.lengths.values())
        return histogram


class BucketStatistics(Counted):
    """The records of a bucket, and the tokens of the feature that chose it."""

    records: int = 0
    tokens: int = 0
    """Tokens after cutting."""
    padded_tokens: int = 0
    """Tokens and padding."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def padding_fraction(self) -> float:
        """Padding among all tokens; 0 where there are none."""
        return 1 - self.tokens / self.padded_tokens if self.padded_tokens else 0.0

    def __add__(self, other: BucketStatistics) -> BucketStatistics:
        return BucketStatistics(
            records=self.records + other.records,
            tokens=self.tokens + other.tokens,
            padded_tokens=self.padded_tokens + other.padded_tokens,
        )


class SplitStatistics(Counted):
    """The records of a split, or of any part of one."""

    records: int = 0
    features: dict[str, FeatureStatistics] = {}
    """By text feature."""
    labels: dict[str, dict[int, int]] = {}
    """By label with classes: records by index of the class."""
    numbers: dict[str, NumberStatistics] = {}
    """By number label."""
    buckets: dict[str, BucketStatistics] = {}
    """By name of the bucket; those without records may be missing."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def padding_fraction(self) -> float:
        """Padding among all tokens of the bucket feature; 0 where there are none."""
        return sum(self.buckets.values(), BucketStatistics()).padding_fraction

    def __add__(self, other: SplitStatistics) -> SplitStatistics:
        labels = self.labels.keys() | other.labels.keys()
        return SplitStatistics(
            records=self.records + other.records,
            features=_added(self.features, other.features, FeatureStatistics()),
            labels={n: _sum(self.labels.get(n, {}), other.labels.get(n, {})) for n in labels},
            numbers=_added(self.numbers, other.numbers, NumberStatistics()),
            buckets=_added(self.buckets, other.buckets, BucketStatistics()),
        )

    def feature(self, name: str) -> FeatureStatistics:
        """The counts of a text feature; zeros for one that has none."""
        return self.features.get(name, FeatureStatistics())

    def bucket(self, boundary: int) -> BucketStatistics:
        """The counts of a bucket; zeros for one without records."""
        return self.buckets.get(bucket_name(boundary), BucketStatistics())


class Statistics(RootModel[dict[str, SplitStatistics]]):
    """The counts of every split that has records."""

    model_config = ConfigDict(strict=True, frozen=True)

    def of(self, split: str) -> SplitStatistics:
        """The counts of a split; zeros for one without records."""
        return self.root.get(split, SplitStatistics())

    def total(self) -> SplitStatistics:
        """The counts of all splits together."""
        return sum(self.root.values(), SplitStatistics())

    def to_json(self) -> str:
        """The content of `statistics.json`."""
        data = self.model_dump(mode="json")
        return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def parse_statistics(text: str, path: str) -> Statistics:
    """The counts that `statistics.json` holds.

    Args:
      text: of the file.
      path: of the file, for errors.

    Raises:
      ArtifactError: it is damaged.
    """
    try:
        return Statistics.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        what = f"{where}: {first['msg']}" if where else first["msg"]
        raise ArtifactError(f"{path}: is damaged ({what}); run `{_COMMAND}` again") from error


def _sum(first: Mapping[int, int], second: Mapping[int, int]) -> dict[int, int]:
    return dict(Counter(first) + Counter(second))


def _added(first: Mapping[str, S], second: Mapping[str, S], zero: S) -> dict[str, S]:
    names = [*first, *(name for name in second if name not in first)]
    return {name: first.get(name, zero) + second.get(name, zero) for name in names}
