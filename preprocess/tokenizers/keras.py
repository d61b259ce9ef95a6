"""The rules of Keras' `Tokenizer`: lower, blank out the filters, split."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_TEXT
from preprocess.tokenizers.base import Tokenizer
from preprocess.tokenizers.characters import split_characters
from preprocess.tokenizers.lower import lower
from preprocess.tokenizers.ops import (
    replace_any,
    separated_by_any,
    split_on_string,
    split_separated,
)
from preprocess.tokenizers.token_bytes import SeparatedTexts

with lazy_imports():
    import tensorflow as tf

MAX_FILTERS = 10_000
"""More characters than Unicode has punctuation."""


class Keras(Tokenizer):
    """Tokens exactly as of Keras' legacy `Tokenizer` (`text_to_word_sequence`)."""

    kind: Literal["keras"] = "keras"
    lower: bool = True
    """Lower the text first."""
    filters: Annotated[str, Field(max_length=MAX_FILTERS)] = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
    """Characters that are replaced by `split`."""
    split: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)] = " "
    """What separates words; may be several characters."""
    char_level: bool = False
    """Every character is a token, blanks too; `filters` and `split` are then ignored."""

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        separated = self._separated(texts)
        if separated is not None:
            return split_separated(separated)
        texts = self._lowered(texts)
        if self.char_level:
            return split_characters(texts)
        if self.filters:
            texts = replace_any(texts, self.filters, self.split)
        return split_on_string(texts, self.split)

    def _separated(self, texts: tf.Tensor) -> SeparatedTexts | None:
        separators = self.filters + self.split
        if self.char_level or len(self.split) > 1 or not any(map(str.isascii, separators)):
            return None
        return separated_by_any(self._lowered(texts), separators)

    def _lowered(self, texts: tf.Tensor) -> tf.Tensor:
        return lower(texts) if self.lower else texts
