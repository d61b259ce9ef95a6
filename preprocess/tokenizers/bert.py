"""Words as BERT splits them, before WordPiece (google-research/bert, `BasicTokenizer`)."""

from __future__ import annotations

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.ops import separated_by_any, split_separated, valid_utf8
from preprocess.tokenizers.whitespace import WHITE_SPACE

with lazy_imports():
    import tensorflow as tf
# Categories Cc, Cf and Co, but tab, newline and carriage return; NUL and U+FFFD.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{fffd}\p{Cf}\p{Co}]+"
# All of ASCII that is no letter, digit or control, such as $ and ^, counts as punctuation.
_PUNCTUATION = r"!-/:-@\[-`{-~\p{P}"
# The blocks of ideographs as BERT lists them: no kana, no hangul.
_IDEOGRAPHS = (
    r"\x{4e00}-\x{9fff}\x{3400}-\x{4dbf}\x{20000}-\x{2a6df}\x{2a700}-\x{2b73f}"
    r"\x{2b740}-\x{2b81f}\x{2b920}-\x{2ceaf}\x{f900}-\x{faff}\x{2f800}-\x{2fa1f}"
)


def split_words(texts: tf.Tensor) -> tf.RaggedTensor:
    """Splits on whitespace, and makes punctuation and ideographs words of one character.

    Control characters are left out. This is what Hugging Face's `BertNormalizer` (without
    lower-casing) and `BertPreTokenizer` do, but for punctuation that is newer than the Unicode 8
    of the latter, and a few format characters.

    Args:
      texts: string tensor of shape (batch,), UTF-8; an invalid byte is left out, as U+FFFD is.

    Returns:
      string RaggedTensor of shape (batch, None).
    """
    texts = tf.strings.regex_replace(valid_utf8(texts), _CONTROL, "")
    texts = tf.strings.regex_replace(texts, f"[{_PUNCTUATION}{_IDEOGRAPHS}]", r" \0 ")
    return split_separated(separated_by_any(texts, WHITE_SPACE))
