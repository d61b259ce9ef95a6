"""Blanks before words, and runs of related characters (seekToOtherType in char_property.h)."""

from __future__ import annotations

import tensorflow as tf

from preprocess.mecab.graph.ragged import next_place


def skip_blanks(types: tf.Tensor, blank: int) -> tf.Tensor:
    """For each place, the place of the first character from there on that is no blank.

    Args:
      types: int32, shape (characters,): `Properties.types`.
      blank: the type of blanks.

    Returns:
      int32, shape (characters,); the end of a text is no blank.
    """
    return next_place((types & blank) == 0)


def run_ends(types: tf.Tensor) -> tf.Tensor:
    """For each place, the one after the run of related characters that it is in.

    Two neighbours are related if they share a type; the first and the last of a run need not.

    Args:
      types: int32, shape (characters,): `Properties.types`.

    Returns:
      int32, shape (characters,); no run goes beyond the end of its text.
    """
    following = tf.concat([types[1:], [0]], 0)
    return next_place((types & following) == 0) + 1
