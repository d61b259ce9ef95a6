"""What encoders and embeddings are called, in the Keras model and in `embeddings/`."""

from __future__ import annotations


def encoder_name(feature: str, vocabulary: str, is_shared: bool) -> str:
    """The encoder of a text feature; features of one vocabulary may share one, named after it."""
    return vocabulary if is_shared else feature


def embedding_name(vocabulary: str, encoder: str, is_only: bool) -> str:
    """The embedding of an encoder: its vocabulary, with the encoder unless it is the only one."""
    return vocabulary if is_only else f"{vocabulary}.{encoder}"
