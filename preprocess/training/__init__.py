"""Trains the model of a model file on an artifact.

Names are imported when they are first used, as a plan is made before TensorFlow is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preprocess.core.lazy import lazy_attributes

if TYPE_CHECKING:
    from preprocess.training.trainer import run_training
    from preprocess.training.training_plan import TrainingPlan, TrainOptions, plan_training

__all__ = ["TrainOptions", "TrainingPlan", "plan_training", "run_training"]

__getattr__ = lazy_attributes(
    __name__,
    {
        "TrainOptions": "preprocess.training.training_plan",
        "TrainingPlan": "preprocess.training.training_plan",
        "plan_training": "preprocess.training.training_plan",
        "run_training": "preprocess.training.trainer",
    },
)
