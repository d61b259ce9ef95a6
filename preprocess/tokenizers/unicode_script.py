"""Split where the Unicode script changes."""

from __future__ import annotations

from typing import Literal

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.base import Tokenizer
from preprocess.tokenizers.whitespace import WHITE_SPACE

with lazy_imports():
    import tensorflow as tf


class UnicodeScript(Tokenizer):
    """Splits where the Unicode script changes, as tensorflow-text's tokenizer of the name does.

    Whitespace is dropped. It belongs to the script Common, as digits and punctuation do, so
    `a. 1` has the tokens `a` and `.1`. Combining marks are of the script Inherited, so `e` and a
    combining accent are two tokens; `normalize: [nfkc]` composes them first. Characters
    newer than the Unicode of TensorFlow's ICU are of an unknown script.
    """

    kind: Literal["unicode_script"] = "unicode_script"

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        codes = tf.strings.unicode_decode(texts, "UTF-8")
        values, rows = codes.flat_values, codes.value_rowids()
        runs = _number_runs(tf.strings.unicode_script(values), tf.cast(rows, tf.int32))
        is_kept = ~_is_white_space(values)
        # Runs that were all whitespace are gone: number again.
        tokens = tf.RaggedTensor.from_value_rowids(
            values[is_kept], _number_runs(runs[is_kept]), validate=False
        )
        rows_of_tokens = tf.gather(rows[is_kept], tokens.row_starts())
        return tf.RaggedTensor.from_value_rowids(
            tf.strings.unicode_encode(tokens, "UTF-8"),
            rows_of_tokens,
            codes.nrows(),
            validate=False,
        )


def _number_runs(*keys: tf.Tensor) -> tf.Tensor:
    """Numbers the runs of equal keys from 0; int32 of shape (characters,) to int64 of the same."""
    changes = tf.reduce_any([key[1:] != key[:-1] for key in keys], axis=0)
    runs = tf.cumsum(tf.pad(tf.cast(changes, tf.int64), [[1, 0]]))
    return runs[: tf.size(keys[0])]  # none if there are no characters


def _is_white_space(codes: tf.Tensor) -> tf.Tensor:
    last = ord(max(WHITE_SPACE))
    table = tf.constant([chr(code) in WHITE_SPACE for code in range(last + 1)] + [False])
    return tf.gather(table, tf.minimum(codes, last + 1))
