"""Graph code that several tokenizers share."""

from __future__ import annotations

from collections.abc import Callable

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.token_bytes import SeparatedTexts

with lazy_imports():
    import tensorflow as tf
# A byte that UTF-8 never has, so no text can hold it.
MARK = b"\xff"


def on_rows(
    texts: tf.Tensor, chosen: tf.Tensor, function: Callable[[tf.Tensor], tf.Tensor]
) -> tf.Tensor:
    """Replaces the rows where `chosen` is true by what `function` makes of them.

    Rows that are not chosen cost nothing but a copy.

    Args:
      texts: string tensor of shape (batch,).
      chosen: bool tensor of shape (batch,).
      function: string tensor of shape (chosen rows,) to one of the same shape.

    Returns:
      string tensor of shape (batch,).
    """
    rows = tf.where(chosen)
    return tf.tensor_scatter_nd_update(texts, rows, function(tf.gather_nd(texts, rows)))


def one_of(characters: str) -> str:
    """An RE2 pattern for any one of `characters`."""
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in characters) + "]"


def separated_by_any(texts: tf.Tensor, separators: str) -> SeparatedTexts:
    """Texts to be split wherever one of `separators` stands.

    Args:
      texts: string tensor of shape (batch,), UTF-8.
      separators: characters, at least one of them ASCII.
    """
    ascii_ones = "".join(filter(str.isascii, separators))
    others = "".join(character for character in separators if not character.isascii())
    if others:
        texts = tf.strings.regex_replace(texts, one_of(others), _rewrite(ascii_ones[0]))
    return SeparatedTexts(texts, ascii_ones.encode())


def split_on_string(texts: tf.Tensor, separator: str) -> tf.RaggedTensor:
    """Splits wherever the whole `separator` stands and drops empty tokens.

    Args:
      texts: string tensor of shape (batch,), UTF-8.
      separator: at least one character.

    Returns:
      string RaggedTensor of shape (batch, None).
    """
    tokens = tf.strings.split(texts, separator)
    return tf.ragged.boolean_mask(tokens, tf.not_equal(tokens, ""))


def split_separated(separated: SeparatedTexts) -> tf.RaggedTensor:
    """Splits wherever a separator stands and drops empty tokens.

    The first version of TensorFlow's op takes a set of bytes and drops empty tokens itself. With
    Keras' filters it is three times as fast as `regex_replace` and `tf.strings.split`.

    Returns:
      string RaggedTensor of shape (batch, None).
    """
    places, tokens, shape = tf.raw_ops.StringSplit(
        input=separated.texts, delimiter=separated.separators, skip_empty=True
    )
    return tf.RaggedTensor.from_value_rowids(tokens, places[:, 0], nrows=shape[0], validate=False)


def replace_any(texts: tf.Tensor, characters: str, replacement: str) -> tf.Tensor:
    """Replaces each of `characters` by `replacement`, taken literally; shape (batch,) both."""
    return tf.strings.regex_replace(texts, one_of(characters), _rewrite(replacement))


def _rewrite(text: str) -> str:
    # RE2 reads \0 to \9 in a rewrite as groups.
    return text.replace("\\", "\\\\")


def valid_utf8(texts: tf.Tensor) -> tf.Tensor:
    """Replaces invalid bytes, in the rows that have any, by U+FFFD; shape (batch,) both."""
    is_valid = tf.strings.regex_full_match(texts, "(?s).*")
    return on_rows(texts, ~is_valid, _repair)


def _repair(texts: tf.Tensor) -> tf.Tensor:
    return tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
