"""Lower-casing that is the same in every locale."""

from __future__ import annotations

import functools
from collections.abc import Callable

from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.ops import on_rows

with lazy_imports():
    import tensorflow as tf
# Characters outside ASCII that may have a lower case; a superset does no harm.
_UPPER = r"\p{Lu}\p{Lt}\x{2160}-\x{216f}\x{24b6}-\x{24cf}"

# İ is the only letter whose lower case is two code points.
_DOTTED_I, _DOTTED_I_LOWER = "\u0130", "i\u0307"

# Upper case to lower case of what ICU must not see, as (first, last, offset):
_SPECIAL = (
    # Lithuanian rules add a dot to these: Ì Í Ĩ Į.
    (0xCC, 0xCD, 0x20),
    (0x128, 0x128, 1),
    (0x12E, 0x12E, 1),
    # Letters of Unicode 14, which the ICU in TensorFlow does not know and Python does.
    (0x2C2F, 0x2C2F, 0x30),
    (0xA7C0, 0xA7C0, 1),
    (0xA7D0, 0xA7D0, 1),
    (0xA7D6, 0xA7D6, 1),
    (0xA7D8, 0xA7D8, 1),
    (0x10570, 0x1057A, 0x27),
    (0x1057C, 0x1058A, 0x27),
    (0x1058C, 0x10592, 0x27),
    (0x10594, 0x10595, 0x27),
)


def lower(texts: tf.Tensor) -> tf.Tensor:
    """Lowers UTF-8 texts as Python's `str.lower` does, whatever the locale of the process.

    `tf.strings.lower(encoding="utf-8")` alone follows the locale (tr, az, lt) and stops at NUL.
    So ASCII is lowered first, which suffices for most rows; only what is left goes to ICU, and
    never a letter that a locale treats specially. The result differs from Python 3.11 only for a
    capital sigma next to a few characters newer than ICU's Unicode (listed in the tests).

    Args:
      texts: string tensor of shape (batch,), UTF-8; an invalid byte may become U+FFFD.

    Returns:
      string tensor of shape (batch,).
    """
    texts = tf.strings.lower(texts)
    is_ascii = tf.strings.length(texts) == tf.strings.length(texts, unit="UTF8_CHAR")
    return on_rows(texts, ~is_ascii, _traced())


@functools.cache
def _traced() -> Callable[[tf.Tensor], tf.Tensor]:
    """`_lower_beyond_ascii`, traced once a process: its many ops cost every graph time."""
    signature = [tf.TensorSpec([None], tf.string)]
    traced: Callable[[tf.Tensor], tf.Tensor] = tf.function(
        _lower_beyond_ascii, signature, autograph=False
    )
    return traced


def _lower_beyond_ascii(texts: tf.Tensor) -> tf.Tensor:
    return on_rows(texts, _holds(texts, _UPPER + _special_ranges()), _lower_upper)


def _lower_upper(texts: tf.Tensor) -> tf.Tensor:
    texts = tf.strings.regex_replace(texts, _DOTTED_I, _DOTTED_I_LOWER)
    is_special = _holds(texts, r"\x00" + _special_ranges())
    texts = on_rows(texts, ~is_special, _icu_lower)
    return on_rows(texts, is_special, _lower_special)


def _lower_special(texts: tf.Tensor) -> tf.Tensor:
    """Hides special characters from ICU behind others of the same effect on a final sigma."""
    rows = tf.strings.unicode_decode(texts, "UTF-8")
    codes = rows.flat_values
    special = _special_lower(codes)
    is_letter, is_nul = special > 0, codes == 0
    hidden = tf.where(is_letter, ord("a"), tf.where(is_nul, ord(" "), codes))
    # As many characters as before: İ, the one that becomes two, is gone.
    lowered = tf.strings.unicode_decode(_icu_lower(_encode(rows, hidden)), "UTF-8").flat_values
    return _encode(rows, tf.where(is_letter, special, tf.where(is_nul, 0, lowered)))


def _special_lower(codes: tf.Tensor) -> tf.Tensor:
    """The lower case of special letters, 0 for all else; int32 of shape (characters,) both."""
    lowered = tf.zeros_like(codes)
    for first, last, offset in _SPECIAL:
        lowered = tf.where((codes >= first) & (codes <= last), codes + offset, lowered)
    return lowered


def _icu_lower(texts: tf.Tensor) -> tf.Tensor:
    return tf.strings.lower(texts, encoding="utf-8")


def _encode(rows: tf.RaggedTensor, codes: tf.Tensor) -> tf.Tensor:
    """The texts that have `codes` for characters, in rows as long as those of `rows`."""
    return tf.strings.unicode_encode(rows.with_flat_values(codes), "UTF-8")


def _holds(texts: tf.Tensor, characters: str) -> tf.Tensor:
    # \C is any byte, so that invalid UTF-8 does not hide what follows.
    return tf.strings.regex_full_match(texts, rf"\C*[{characters}]\C*")


def _special_ranges() -> str:
    return "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last, _ in _SPECIAL)
