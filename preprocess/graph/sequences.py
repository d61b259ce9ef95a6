"""From ids to the sequence of a feature, and from numbers to a scaled feature: graph code."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.core.ids import PADDING_ID
from preprocess.spec import TextFeature


def drop_and_truncate(ids: tf.RaggedTensor, feature: TextFeature, drops: bool) -> tf.RaggedTensor:
    """Leaves out dropped words, then cuts to `max_length`, as Keras does it, in this order.

    Args:
      ids: int64, shape (batch, None); `PADDING_ID` where a word is to be dropped.
      feature: says how long a sequence may be, and which end is cut.
      drops: whether the vocabulary drops unknown words.

    Returns:
      int64, shape (batch, None), without any `PADDING_ID`.
    """
    if drops:
        ids = tf.ragged.boolean_mask(ids, tf.not_equal(ids, PADDING_ID))
    if feature.max_length is None:
        return ids
    starts, limits = _kept(ids, feature.max_length, feature.truncating)
    return _slice(ids, starts, limits)


def sequence_lengths(
    lengths: NDArray[np.int64], feature: TextFeature, ids: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """The lengths of what `drop_and_truncate` gives, without making the sequences.

    Args:
      lengths: int64, shape (rows,): tokens of each row.
      feature: says how long a sequence may be.
      ids: as for `uncut_lengths`.

    Returns:
      int64, shape (rows,).
    """
    uncut = uncut_lengths(lengths, ids)
    return uncut if feature.max_length is None else np.minimum(uncut, feature.max_length)


def uncut_lengths(lengths: NDArray[np.int64], ids: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """The lengths of sequences before they are cut.

    Args:
      lengths: int64, shape (rows,): tokens of each row.
      ids: int64, shape (sum of `lengths`,): those of all rows, `PADDING_ID` where a word is to be
        dropped; None where the vocabulary drops none, so that they need not be looked up.

    Returns:
      int64, shape (rows,).
    """
    if ids is None:
        return lengths
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return np.bincount(rows[ids != PADDING_ID], minlength=len(lengths))


def _kept(ids: tf.RaggedTensor, length: int, truncating: str) -> tuple[tf.Tensor, tf.Tensor]:
    """Start and limit of what is kept of each row, as places in `ids.flat_values`."""
    splits = ids.row_splits
    starts, limits = splits[:-1], splits[1:]
    if truncating == "post":
        return starts, tf.minimum(limits, starts + length)
    return tf.maximum(starts, limits - length), limits


def _slice(ids: tf.RaggedTensor, starts: tf.Tensor, limits: tf.Tensor) -> tf.RaggedTensor:
    places = tf.ragged.range(starts, limits)
    return places.with_flat_values(tf.gather(ids.flat_values, places.flat_values))


def pad(ids: tf.RaggedTensor, side: str) -> tf.Tensor:
    """Pads to the longest sequence of the batch, at least 1.

    Args:
      ids: int64, shape (batch, None).
      side: `post` or `pre`: the end that gets zeros.

    Returns:
      int64, shape (batch, max(1, longest)).
    """
    lengths = ids.row_lengths()
    # `reduce_max` of an empty batch is the least int64.
    width = tf.maximum(tf.reduce_max(lengths), 1)
    shape = tf.stack([tf.constant(-1, tf.int64), width])  # -1: as many rows as there are
    padded = ids.to_tensor(default_value=PADDING_ID, shape=shape)
    return padded if side == "post" else _roll(padded, width - lengths)


def _roll(padded: tf.Tensor, shifts: tf.Tensor) -> tf.Tensor:
    """Moves every row to the right by its shift; what falls out is padding and comes in again."""
    width = tf.shape(padded, tf.int64)[1]
    columns = (tf.range(width)[tf.newaxis, :] - shifts[:, tf.newaxis]) % width
    return tf.gather(padded, columns, batch_dims=1)


def scale(values: tf.Tensor, shift_and_factor: tf.Tensor) -> tf.Tensor:
    """(x - shift) * factor, in float64 so that shift loses nothing.

    Args:
      values: float32, shape (batch,).
      shift_and_factor: float64, shape (2,).

    Returns:
      float32, shape (batch,).
    """
    shift, factor = shift_and_factor[0], shift_and_factor[1]
    return tf.cast((tf.cast(values, tf.float64) - shift) * factor, tf.float32)
