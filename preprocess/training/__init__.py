"""Trains the model of a model file on an artifact."""

from preprocess.training.trainer import TrainOptions, train_model

__all__ = ["TrainOptions", "train_model"]
