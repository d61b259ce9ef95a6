"""From probabilities to yes or no, and to classes: the one rule of evaluation, prediction, reports.

In the SavedModel of `export` a category's likeliest class is chosen inside the graph.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DECISION_THRESHOLD = 0.5
"""A probability above it is a yes, as in Keras' `BinaryAccuracy`."""


def is_yes(probabilities: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Whether each probability is a yes; of the shape given, and no for NaN."""
    return probabilities > DECISION_THRESHOLD


def chosen_classes(answers: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """The index of the class that each row answers: int64, shape (rows,).

    Args:
      answers: of a binary label, shape (rows,): probabilities of class 1; of a category, shape
        (rows, classes): the likeliest class is chosen, the first of equally likely ones.
    """
    return is_yes(answers).astype(np.int64) if answers.ndim == 1 else answers.argmax(axis=1)
