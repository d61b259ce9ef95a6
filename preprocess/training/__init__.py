"""Trains the model of a model file on an artifact."""

from preprocess.training.launch import train

__all__ = ["train"]
