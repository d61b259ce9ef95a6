"""Every character a token."""

from __future__ import annotations

from typing import Literal

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.base import Tokenizer

with lazy_imports():
    import tensorflow as tf


class Characters(Tokenizer):
    """Every code point is a token, blanks and newlines too."""

    kind: Literal["characters"] = "characters"

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        return split_characters(texts)


def split_characters(texts: tf.Tensor) -> tf.RaggedTensor:
    """Splits texts into code points.

    Args:
      texts: string tensor of shape (batch,), UTF-8; an invalid byte becomes U+FFFD.

    Returns:
      string RaggedTensor of shape (batch, None).
    """
    return tf.strings.unicode_split(texts, "UTF-8")
