"""Unknown words: made of characters by their categories (tokenizer.cpp)."""

from __future__ import annotations

import tensorflow as tf

from preprocess.mecab.graph.candidates import Candidates
from preprocess.mecab.graph.ragged import places, take
from preprocess.mecab.graph.text_characters import Properties


def unknown_words(
    properties: Properties,
    starts: tf.Tensor,
    known: tf.Tensor,
    ends: tf.Tensor,
    words: tf.Tensor,
    limits: tuple[int, int],
) -> Candidates:
    """All unknown words of the texts.

    There are some where the dictionary has no word or the category says `invoke`: the run of
    related characters (`group`), the first 1, 2, … characters (`length`), and if that makes none
    and the dictionary has none, the one character.

    Args:
      properties: those of all characters.
      starts: bool, shape (characters,): whether a word can begin there.
      known: bool, shape (characters,): whether the dictionary has a word that begins there.
      ends: int32, shape (characters,): where the run of related characters ends.
      words: int32, shape (categories,): `Tables.unknown`.
      limits: characters that may follow the first one in a group, and the longest `length`.

    Returns:
      candidates, groups before shorter ones, then in the order of their places.
    """
    needed = starts & (~known | properties.invoke)
    max_grouping, max_length = limits
    place = tf.range(tf.size(ends))
    grouped = needed & properties.group & (ends - place - 1 <= max_grouping)
    by_length = _by_length(properties, needed, ends - place, max_length)
    some = tf.reduce_any(tf.stack([grouped, *by_length]), 0)
    by_length[0] |= needed & ~known & ~some

    begins = [places(mask) for mask in (grouped, *by_length)]
    lengths = [begin + i for i, begin in enumerate(begins[1:], 1)]
    begin = tf.concat(begins, 0)
    value = take(words, take(properties.category, begin))
    return Candidates(begin, tf.concat([take(ends, begins[0]), *lengths], 0), value)


def _by_length(
    properties: Properties, needed: tf.Tensor, run: tf.Tensor, max_length: int
) -> list[tf.Tensor]:
    """Whether the first 1, 2, … characters make an unknown word; bool, shape (characters,) each.

    All of them must be related to the first one. MeCab makes no word that the group makes, and
    none longer, even if the group itself is too long.

    Args:
      run: int32, shape (characters,): characters up to the end of the run.
    """
    masks = []
    alive = needed
    for length in range(1, max(1, max_length) + 1):
        if length > 1:
            alive &= (_shifted(properties.types, length - 1) & properties.types) != 0
        alive &= (properties.length >= length) & ~(properties.group & (run == length))
        masks.append(alive)
    return masks


def _shifted(types: tf.Tensor, by: int) -> tf.Tensor:
    """The types of the character `by` places on; 0 beyond the last one."""
    return tf.concat([types[by:], tf.zeros([tf.minimum(by, tf.size(types))], tf.int32)], 0)
