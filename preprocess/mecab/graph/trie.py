"""Words of the dictionary: the double array walked from all places at once
(commonPrefixSearch in darts.h)."""

from __future__ import annotations

import tensorflow as tf

from preprocess.mecab.dictionary.char_property import END
from preprocess.mecab.graph.candidates import Candidates
from preprocess.mecab.graph.ragged import high, take
from preprocess.mecab.graph.tables import Tables
from preprocess.mecab.graph.text_characters import CharacterArrays

_FLAT = tf.TensorShape([None])


def common_prefixes(characters: CharacterArrays, begins: tf.Tensor, tables: Tables) -> Candidates:
    """All words of the dictionary that begin at some places.

    Each round of the loop reads one byte; places where no longer word is possible leave it.

    Args:
      characters: those of all texts.
      begins: int32, shape (n,): places of characters, no ends of texts.
      tables: those of the dictionary.

    Returns:
      candidates in the order of their bytes, then of `begins`.
    """
    units = tf.convert_to_tensor(tables.units)
    state, at = _first_states(characters, begins, tables)
    alive = state > 0
    found = tf.TensorArray(tf.int32, 0, True, infer_shape=False, element_shape=[None, 3])

    def read(
        i: tf.Tensor, state: tf.Tensor, at: tf.Tensor, begin: tf.Tensor, found: tf.TensorArray
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.TensorArray]:
        unit = take(units, state)
        ends = tf.where((tf.cast(unit, tf.int32) == state) & (unit < 0))[:, 0]
        value = -1 - high(take(unit, ends), 32)
        found = found.write(i, tf.stack([take(begin, ends), take(at, ends), value], 1))
        byte = tf.cast(take(characters.bytes, at), tf.int32)
        unit = take(units, state + byte + 1)
        on = tf.where(tf.cast(unit, tf.int32) == state)[:, 0]
        state = high(take(unit, on), 32)
        return i + 1, state, take(at, on) + 1, take(begin, on), found

    *_, found = tf.while_loop(
        lambda i, state, *_: (i == 0) | (tf.size(state) > 0),
        read,
        (0, *(tf.boolean_mask(array, alive) for array in (state, at, begins)), found),
        shape_invariants=(tf.TensorShape([]), _FLAT, _FLAT, _FLAT, tf.TensorShape(None)),
        parallel_iterations=1,
    )
    return _candidates(found, characters)


def _first_states(
    characters: CharacterArrays, begins: tf.Tensor, tables: Tables
) -> tuple[tf.Tensor, tf.Tensor]:
    """States after the first character, and the bytes that follow; int32, shape (n,).

    Characters beyond the Basic Multilingual Plane are rare: they start at the root.
    """
    code = take(characters.code, begins)
    is_astral = code >= END
    state = tf.gather(tables.first_states, tf.where(is_astral, 0, code))
    root = high(tables.units[0], 32)
    following = tf.where(is_astral, begins, begins + 1)
    return tf.where(is_astral, root, state), take(characters.begin, following)


def _candidates(found: tf.TensorArray, characters: CharacterArrays) -> Candidates:
    begin, byte, value = tf.unstack(tf.ensure_shape(found.concat(), [None, 3]), axis=1)
    return Candidates(begin, take(characters.of_byte, byte), value)
