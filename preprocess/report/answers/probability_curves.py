"""Curves of probabilities: how well they order the records, and how far they can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_POINTS = 200
_BINS = 10

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
"""x and y of a curve."""


def roc_points(truth: NDArray[Any], scores: NDArray[Any]) -> Points | None:
    """The ROC curve: false and true positive rates, from (0, 0) to (1, 1), at most 200 points.

    Args:
      truth: bool or 0 and 1 (rows,).
      scores: (rows,), the higher the more likely to be true; equal ones share a point.

    Returns:
      None where truth has no yes or no no, or a score is not finite.
    """
    yes = truth.astype(bool)
    if yes.all() or not yes.any() or not np.isfinite(scores).all():
        return None
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))  # of each equal run
    hits = np.cumsum(yes[order])[last]
    misses = last + 1 - hits
    x, y = misses / (~yes).sum(), hits / yes.sum()
    x, y = np.append(0.0, x), np.append(0.0, y)
    kept = np.unique(np.linspace(0, len(x) - 1, _MOST_POINTS).round().astype(int))
    return x[kept], y[kept]


@dataclass(frozen=True)
class Calibration:
    """Probabilities in ten bins of equal width, those without records left out.

    Attributes:
      claimed: mean probability of each bin.
      found: share of its records that are true.
      records: int64, in each bin.
    """

    claimed: NDArray[np.float64]
    found: NDArray[np.float64]
    records: NDArray[np.int64]

    @classmethod
    def of(cls, truth: NDArray[Any], probabilities: NDArray[Any]) -> Calibration:
        """Bins finite probabilities; what is none, or not finite, is left out."""
        finite = np.isfinite(probabilities)
        given, yes = probabilities[finite].astype(np.float64), truth[finite].astype(np.float64)
        bins = np.clip((given * _BINS).astype(int), 0, _BINS - 1)
        records = np.bincount(bins, minlength=_BINS)
        filled = records > 0
        sums = [np.bincount(bins, values, _BINS)[filled] for values in (given, yes)]
        return cls(sums[0] / records[filled], sums[1] / records[filled], records[filled])

    @property
    def error(self) -> float:
        """The expected calibration error: the mean distance of the two, by records."""
        if not len(self.records):
            return float("nan")
        return float(np.average(np.abs(self.claimed - self.found), weights=self.records))
