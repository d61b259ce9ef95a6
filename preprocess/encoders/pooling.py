"""One vector of many steps."""

from __future__ import annotations

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import keras
    from keras import ops


def masked_max(steps: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """The largest of each column over the steps that the mask shows.

    Args:
      steps: float32 (batch, steps, width).
      mask: bool (batch, steps); shows at least one step of every row.

    Returns:
      float32 (batch, width).
    """
    return ops.max(ops.where(ops.expand_dims(mask, -1), steps, -float("inf")), axis=1)


def masked_mean(steps: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mean of each column over the steps that the mask shows; shapes as of `masked_max`."""
    weights = ops.cast(ops.expand_dims(mask, -1), steps.dtype)
    return ops.sum(steps * weights, axis=1) / ops.sum(weights, axis=1)
