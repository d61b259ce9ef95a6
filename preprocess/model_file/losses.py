"""Which losses fit a label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Loss = Literal["binary_crossentropy", "categorical_crossentropy", "mse", "mae", "huber"]

LOSSES: Mapping[str, tuple[Loss, ...]] = {
    "binary": ("binary_crossentropy",),
    "category": ("categorical_crossentropy",),
    "multilabel": ("binary_crossentropy",),
    "number": ("mse", "mae", "huber"),
}
"""The losses that fit each kind of label, the default first."""


def default_loss(kind: str) -> Loss:
    """The loss of a label of this kind for which the model file names none."""
    return LOSSES[kind][0]
