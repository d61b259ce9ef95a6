"""Optimizer, losses and metrics."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from preprocess.core.decisions import DECISION_THRESHOLD
from preprocess.model_file import Training
from preprocess.models.model_plan import HeadPlan, ModelPlan

_LOSSES = {
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    # The records hold the index of the class.
    "categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
}


def compile_model(model: keras.Model, plan: ModelPlan, training: Training, steps: int) -> None:
    """Compiles `model` in place; `steps` is the number of batches of the whole training.

    The losses of numbers that have a scale are of what is standardised by it; their metrics are in
    original units.
    """
    model.compile(
        optimizer=_optimizer(training, steps),
        loss={head.name: _LOSSES[head.loss]() for head in plan.heads},
        loss_weights={head.name: head.weight for head in plan.heads},
        metrics={head.name: [_metric(head)] for head in plan.heads},
        # XLA would compile the model anew for every length.
        jit_compile=False,
    )


def _optimizer(training: Training, steps: int) -> keras.Optimizer:
    optimizer = keras.optimizers.get(training.optimizer).__class__
    return optimizer(_learning_rate(training, steps), global_clipnorm=training.clip_norm)


def _learning_rate(
    training: Training, steps: int
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    rate = training.learning_rate
    if training.schedule == "constant":
        return rate
    warmup = int(training.warmup * steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else rate,
        decay_steps=max(steps - warmup, 1),
        warmup_target=rate if warmup else None,
        warmup_steps=warmup,
    )


def _metric(head: HeadPlan) -> keras.Metric:
    match head.label.decision:
        case "threshold":
            return keras.metrics.BinaryAccuracy(name="accuracy", threshold=DECISION_THRESHOLD)
        case "likeliest":
            return keras.metrics.SparseCategoricalAccuracy(name="accuracy")
        case "value":
            return _MeanAbsoluteError(head)


class _MeanAbsoluteError(keras.metrics.MeanAbsoluteError):
    """The mean error in original units, of standardised labels and answers."""

    def __init__(self, head: HeadPlan) -> None:
        super().__init__(name="mae")
        deviation = head.scale.deviation if head.scale is not None else [1.0] * head.units
        self._unit = np.array(deviation, np.float32).reshape(head.label.answer_shape(()))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        return super().update_state(y_true * self._unit, y_pred * self._unit, sample_weight)
