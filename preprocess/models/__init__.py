"""Masked Keras models from a model file and an artifact."""
