"""Trains the model of a model file on an artifact."""

from preprocess.training.trainer import train

__all__ = ["train"]
