"""Split on whitespace."""

from __future__ import annotations

from typing import Literal

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.base import Tokenizer
from preprocess.tokenizers.ops import separated_by_any, split_separated
from preprocess.tokenizers.token_bytes import SeparatedTexts

with lazy_imports():
    import tensorflow as tf
# White_Space of Unicode's PropList.txt, unchanged since Unicode 6.3.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


class Whitespace(Tokenizer):
    """Splits on Unicode's White_Space, the ideographic space U+3000 included."""

    kind: Literal["whitespace"] = "whitespace"

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        return split_separated(self._separated(texts))

    def _separated(self, texts: tf.Tensor) -> SeparatedTexts:
        return separated_by_any(texts, WHITE_SPACE)
