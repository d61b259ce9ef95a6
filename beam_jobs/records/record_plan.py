"""What all records agree on before the first is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from beam_jobs.job import Job
from beam_jobs.records.shard_plan import shards_of_split
from preprocess.artifact.bucket_plan import BucketPlan
from preprocess.artifact.class_file import parse_classes
from preprocess.artifact.layout import Layout
from preprocess.artifact.record_layout import RecordLayout
from preprocess.core.buckets import best_boundaries
from preprocess.core.storage import read_text

# Number of sequences of each length, by split index and text feature.
Histograms = Mapping[tuple[int, str], NDArray[np.int64]]


@dataclass(frozen=True)
class RecordPlan:
    """What records hold, and how many files they are dealt out to.

    Attributes:
      layout: of a record.
      shards: files of each bucket, by index of the split and of the bucket.
    """

    layout: RecordLayout
    shards: Sequence[Sequence[int]]


def plan_records(histograms: Histograms, job: Job) -> RecordPlan:
    """Chooses boundaries, padded lengths and numbers of shards, by the histograms alone.

    Boundaries are best for the train split, and hold the longest sequence of every split.

    Args:
      histograms: of the transformed sequences.
      job: the build, whose class files must be written.
    """
    spec, by = job.spec, job.spec.bucket_feature
    none = np.zeros(1, np.int64)
    lengths = {
        name: feature.max_length or max(_longest(histograms, name), 1)
        for name, feature in spec.text_features.items()
        if name != by
    }
    boundaries = spec.buckets.boundaries or best_boundaries(
        histograms.get((job.train, by), none),
        spec.buckets.count,
        spec.buckets.multiple_of,
        longest=_longest(histograms, by),
    )
    buckets = BucketPlan(by=by, boundaries=boundaries, lengths=lengths)
    classes = {label: _classes(job.layout, label) for label in spec.class_labels}
    layout = RecordLayout(spec, buckets, classes, job.kept)
    splits = range(len(job.splits))
    return RecordPlan(
        layout, [shards_of_split(histograms.get((n, by), none), layout) for n in splits]
    )


def _longest(histograms: Histograms, feature: str) -> int:
    return max((len(h) - 1 for (_, name), h in histograms.items() if name == feature), default=0)


def _classes(layout: Layout, label: str) -> list[str]:
    return parse_classes(read_text(layout.classes(label)))
