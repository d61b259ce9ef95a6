"""The Viterbi algorithm: the cheapest way to each node (viterbi.cpp)."""

from __future__ import annotations

import tensorflow as tf

from preprocess.mecab.graph.nodes import STATE_BITS, Connections, Nodes
from preprocess.mecab.graph.ragged import take

# More than any path costs that can be had, and small enough never to overflow with what is added.
_UNREACHABLE = 1 << (33 + STATE_BITS)
_LOW = (1 << STATE_BITS) - 1


def best_left(nodes: Nodes, connections: Connections) -> tf.Tensor:
    """For each node the best one to its left; of equally cheap ones the least left number.

    A node's state is what the best way to it costs, from the beginning of its section, above its
    left number, so that the least sum of state and connection gives cost and node at once. Each
    round of the loop computes the states of one step, which stand together.

    Returns:
      int32, shape (nodes,), left numbers by right number; of no meaning for BOS and behind a cut.
    """
    steps = tf.size(nodes.splits) - 1
    begins, counts = _bounds(nodes.splits, connections.splits)
    zeros = tf.zeros_like(nodes.added)

    def step(
        i: tf.Tensor, states: tf.Tensor, lefts: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        node, connection, end, last = tf.unstack(begins[i])
        state = take(states, _part(connections.left, connection, last))
        state += _part(connections.cost, connection, last)
        right = _part(connections.right, connection, last)
        best = tf.minimum(tf.math.unsorted_segment_min(state, right, counts[i]), _UNREACHABLE)
        left = best & _LOW
        states = _write(states, node, end, best - left + _part(nodes.added, node, end))
        return i + 1, states, _write(lefts, node, end, left)

    *_, lefts = tf.while_loop(
        lambda i, *_: i < steps,
        step,
        (1, zeros, zeros),  # step 0 are the BOS nodes
        parallel_iterations=1,
    )
    return tf.cast(lefts, tf.int32)


def _bounds(nodes: tf.Tensor, connections: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Where nodes and connections of each step begin and end, and the numbers of nodes.

    Returns:
      int32, shape (steps, 4, 1) and (steps,).
    """
    splits = tf.stack([nodes, connections], 1)
    bounds = tf.concat([splits[:-1], splits[1:]], 1)
    return bounds[:, :, tf.newaxis], nodes[1:] - nodes[:-1]


def _part(array: tf.Tensor, begin: tf.Tensor, end: tf.Tensor) -> tf.Tensor:
    """array[begin:end], for bounds of shape (1,): fewer ops than Python's slice makes."""
    return tf.strided_slice(array, begin, end, [1])


def _write(array: tf.Tensor, begin: tf.Tensor, end: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    """`array` with `values` from `begin` to `end`; in place, which scatter ops in loops are not."""
    written = tf.raw_ops.TensorStridedSliceUpdate(
        input=array, begin=begin, end=end, strides=[1], value=values
    )
    written.set_shape([None])
    return written
