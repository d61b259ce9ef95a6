"""What all records must agree on before the first is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.class_file import parse_classes
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import BucketPlan
from preprocess.core.buckets import best_boundaries
from preprocess.core.storage import read_text
from preprocess.spec import Spec

# Number of sequences of each length, by split index and text feature.
Histograms = Mapping[tuple[int, str], NDArray[np.int64]]


@dataclass(frozen=True)
class RecordPlan:
    """What every record of a build agrees on.

    Attributes:
      buckets: boundaries and padded lengths.
      classes: class names of each category or multilabel label, by index.
    """

    buckets: BucketPlan
    classes: dict[str, list[str]]


def plan_records(histograms: Histograms, spec: Spec, layout: Layout, train: int) -> RecordPlan:
    """Chooses boundaries and padded lengths.

    Boundaries are best for the train split, and hold the longest sequence of every split.

    Args:
      histograms: of the transformed sequences.
      spec: what was declared.
      layout: of the artifact; the class files must be there.
      train: index of the train split.
    """
    by = spec.bucket_feature
    lengths = {
        name: feature.max_length or max(_longest(histograms, name), 1)
        for name, feature in spec.text_features.items()
        if name != by
    }
    boundaries = spec.buckets.boundaries or best_boundaries(
        histograms.get((train, by), np.zeros(1, np.int64)),
        spec.buckets.count,
        spec.buckets.multiple_of,
        longest=_longest(histograms, by),
    )
    buckets = BucketPlan(by=by, boundaries=boundaries, lengths=lengths)
    return RecordPlan(buckets, {label: _classes(layout, label) for label in spec.class_labels})


def _longest(histograms: Histograms, feature: str) -> int:
    return max((len(h) - 1 for (_, name), h in histograms.items() if name == feature), default=0)


def _classes(layout: Layout, label: str) -> list[str]:
    return parse_classes(read_text(layout.classes(label)))
