"""Lists that are split already."""

from __future__ import annotations

from typing import Literal

from preprocess.core.columns import RawColumn
from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.base import Tokenizer

with lazy_imports():
    import tensorflow as tf


class Tokens(Tokenizer):
    """Takes each string of a list as a token, but for empty ones; normalizes them one by one."""

    kind: Literal["tokens"] = "tokens"

    @property
    def raw(self) -> RawColumn:
        return RawColumn("text", (None,))

    def _split(self, texts: tf.RaggedTensor) -> tf.RaggedTensor:
        return tf.ragged.boolean_mask(texts, texts.with_values(texts.values != ""))
