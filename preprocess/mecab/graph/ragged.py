"""Ranges and places in flat arrays: the few ragged operations that the stages share.

`RaggedRange` expands at a third of the cost of a `cumsum` or a `gather` for each element, so that
values to be repeated travel in the high bits of its starts.
"""

from __future__ import annotations

import tensorflow as tf


def ranges(starts: tf.Tensor, counts: tf.Tensor) -> tf.Tensor:
    """starts[0], starts[0] + 1, … (counts[0] of them), starts[1], and so on.

    Args:
      starts: int32 or int64, shape (n,).
      counts: of the same type and shape, not negative.

    Returns:
      of the type of `starts`, shape (sum of counts,).
    """
    return tf.raw_ops.RaggedRange(
        starts=starts, limits=starts + counts, deltas=tf.ones_like(starts), Tsplits=tf.int32
    ).rt_dense_values


def take(values: tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
    """`values` at `indices`, int32 of shape (n,): as `tf.gather`, which takes 5 ns for an element.

    `tf.gather_nd` takes 3, as it copies elements of known size.

    Args:
      values: shape (m,), numbers; a tensor or a variable.
    """
    return tf.gather_nd(tf.convert_to_tensor(values), indices[:, tf.newaxis])


def rows(values: tf.Tensor, splits: tf.Tensor, chosen: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Some rows of a ragged array, one after the other.

    Args:
      values: shape (n,).
      splits: int32, shape (rows + 1,): where each row begins in `values`, then n.
      chosen: int32, shape (m,): rows.

    Returns:
      their values, shape (sum of their lengths,), and int32 splits, shape (m + 1,).
    """
    gathered = tf.raw_ops.RaggedGather(
        params_nested_splits=[splits],
        params_dense_values=values,
        indices=chosen,
        OUTPUT_RAGGED_RANK=1,
    )
    return gathered.output_dense_values, gathered.output_nested_splits[0]


def counts_to_splits(counts: tf.Tensor) -> tf.Tensor:
    """Where each row begins, then their sum: int32, shape (n,) to (n + 1,)."""
    return tf.concat([[0], tf.cumsum(counts)], 0)


def places(mask: tf.Tensor) -> tf.Tensor:
    """Where `mask`, bool of shape (n,), is true: int32, ascending."""
    return tf.cast(tf.where(mask)[:, 0], tf.int32)


def next_place(mask: tf.Tensor) -> tf.Tensor:
    """For each element the first one from there on where `mask` is true; the last must be.

    Returns:
      int32, of the shape (n,) of `mask`.
    """
    return take(places(mask), tf.cumsum(tf.cast(mask, tf.int32), exclusive=True))


def high(packed: tf.Tensor, bits: int) -> tf.Tensor:
    """What stands above the lowest `bits`, as int32."""
    return tf.cast(tf.bitwise.right_shift(packed, tf.constant(bits, packed.dtype)), tf.int32)


def raised(values: tf.Tensor, bits: int) -> tf.Tensor:
    """`values` above `bits` bits of 0: int64."""
    return tf.bitwise.left_shift(tf.cast(values, tf.int64), tf.constant(bits, tf.int64))


def pack(upper: tf.Tensor, lower: tf.Tensor, bits: int) -> tf.Tensor:
    """`upper` above the lowest `bits`, which `lower`, not negative, fills; int64 of int32."""
    return raised(upper, bits) + tf.cast(lower, tf.int64)
