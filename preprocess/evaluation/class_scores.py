"""Scores of answered classes: confusion, F1, area under the ROC curve.

They are scikit-learn's, which is the oracle of their tests but takes 200 MB to install with SciPy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def confusion(
    truth: NDArray[np.int64], answered: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """int64 (classes, classes): how often each class was answered for each true one."""
    pairs = np.bincount(truth * classes + answered, minlength=classes**2)
    return pairs.reshape(classes, classes)


def f1_scores(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of each class; NaN for one that neither occurs nor is answered.

    Args:
      counts: as `confusion` gives them.
    """
    scores: NDArray[np.float64] = 2 * counts.diagonal() / (counts.sum(axis=0) + counts.sum(axis=1))
    return scores


def roc_auc(truth: NDArray[np.bool_], scores: NDArray[np.float32]) -> float:
    """The probability that a yes has a higher score than a no, ties counted half.

    It is Mann and Whitney's U over the number of pairs (Fawcett, An introduction to ROC analysis,
    2006, section 7).

    Args:
      truth: (rows,), with both yes and no.
      scores: (rows,), finite.
    """
    _, place, times = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[place]  # of equal scores the mean
    yes = int(truth.sum())
    above = ranks[truth].sum() - yes * (yes + 1) / 2
    return float(above / (yes * (len(truth) - yes)))
