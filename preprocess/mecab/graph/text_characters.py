"""Texts to characters, and the properties that the dictionary gives each."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from preprocess.mecab.dictionary.char_property import (
    CATEGORY,
    END,
    GROUP,
    INVOKE,
    LENGTH,
    TYPES,
    Bits,
)
from preprocess.mecab.graph.ragged import places, take


class CharacterArrays(NamedTuple):
    """The characters of all texts, one after the other; each text ends with one more, its end.

    A place is an index into arrays of shape (characters,).

    Attributes:
      bytes: uint8, shape (bytes,): the texts in UTF-8; the end of a text is a NUL.
      begin: int32, shape (characters,): where each begins in `bytes`.
      of_byte: int32, shape (bytes,): which character each byte is of.
      code: int32, shape (characters,): code point; 0 for an end.
      is_end: bool, shape (characters,).
      starts, ends: int32, shape (texts,): place of the first character of each text, and of its
        end; equal if the text is empty.
    """

    bytes: tf.Tensor
    begin: tf.Tensor
    of_byte: tf.Tensor
    code: tf.Tensor
    is_end: tf.Tensor
    starts: tf.Tensor
    ends: tf.Tensor


class Properties(NamedTuple):
    """MeCab's CharInfo of each character; all of shape (characters,), an end has none.

    Attributes:
      types: int32, a bit for each category it is in.
      category: int32, the one that decides what unknown words are.
      length: int32, up to so many characters from it on make unknown words.
      group: bool, whether a run of related characters makes one unknown word.
      invoke: bool, whether there are unknown words even where the dictionary has words.
    """

    types: tf.Tensor
    category: tf.Tensor
    length: tf.Tensor
    group: tf.Tensor
    invoke: tf.Tensor


def decode(texts: tf.Tensor) -> CharacterArrays:
    """Decodes UTF-8; invalid bytes become U+FFFD, and a NUL ends the text as in MeCab.

    Args:
      texts: string, shape (texts,), at least one.
    """
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8", errors="replace")
    texts = tf.strings.regex_replace(texts, r"(?s)\x00.*", "")
    joined = tf.strings.reduce_join(tf.strings.join([texts, tf.constant(b"\0")]))
    codes = tf.io.decode_raw(tf.ensure_shape(joined, []), tf.uint8)
    is_first = tf.bitwise.bitwise_and(codes, 0xC0) != 0x80
    begin = places(is_first)
    lead = take(codes, begin)
    is_end = lead == 0
    ends = places(is_end)
    return CharacterArrays(
        bytes=codes,
        begin=begin,
        of_byte=tf.cumsum(tf.cast(is_first, tf.int32)) - 1,
        code=_code_points(codes, begin, tf.cast(lead, tf.int32)),
        is_end=is_end,
        starts=tf.concat([[0], ends[:-1] + 1], 0),
        ends=ends,
    )


def _code_points(codes: tf.Tensor, begin: tf.Tensor, lead: tf.Tensor) -> tf.Tensor:
    """Code points out of the bytes of valid UTF-8 (RFC 3629, section 3)."""
    last = tf.size(codes) - 1

    def follow(code: tf.Tensor, place: int) -> tf.Tensor:
        byte = take(codes, tf.minimum(begin + place, last))
        return code * 64 + tf.cast(byte & 0x3F, tf.int32)

    two = follow(lead & 0x1F, 1)
    three = follow(follow(lead & 0x0F, 1), 2)
    four = follow(follow(follow(lead & 0x07, 1), 2), 3)
    longer = tf.where(lead < 0xE0, two, tf.where(lead < 0xF0, three, four))
    return tf.where(lead < 0x80, lead, longer)


def look_up(characters: CharacterArrays, table: tf.Tensor) -> Properties:
    """The properties of each character.

    Args:
      table: `Tables.characters`.
    """
    # MeCab takes characters beyond the Basic Multilingual Plane for NUL.
    code = tf.where(characters.code < END, characters.code, 0)
    packed = take(table, tf.where(characters.is_end, END, code))
    return Properties(
        types=packed & TYPES.mask,
        category=_bits(packed, CATEGORY),
        length=_bits(packed, LENGTH),
        group=_bits(packed, GROUP) > 0,
        invoke=_bits(packed, INVOKE) > 0,
    )


def _bits(packed: tf.Tensor, bits: Bits) -> tf.Tensor:
    return tf.bitwise.right_shift(packed, bits.lowest) & bits.mask
