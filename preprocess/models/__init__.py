"""Masked Embedding-LSTMs from a model file and an artifact."""
