"""The scale on which each number label of an artifact is learnt."""

from __future__ import annotations

import math

from preprocess.artifact.number_statistics import NumberScale, NumberStatistics
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import ArtifactError
from preprocess.spec import TRAIN


def number_scales(artifact: OpenedArtifact) -> dict[str, NumberScale]:
    """Mean and deviation of each number label in the train split, by label.

    Raises:
      ArtifactError: `statistics.json` is missing or damaged, or does not hold them.
    """
    counted = artifact.statistics.of(TRAIN).numbers
    scales = {}
    for name, label in artifact.spec.labels.items():
        if label.has_classes:
            continue
        found = counted.get(name, NumberStatistics())
        if len(found.mean) != math.prod(label.answer_shape(())):
            raise ArtifactError(
                f"{artifact.layout.statistics}: has no mean and deviation of {name!r}; "
                "run `text2seq build` again"
            )
        scales[name] = found.scale
    return scales
