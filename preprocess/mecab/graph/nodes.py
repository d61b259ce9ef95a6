"""Nodes of the lattice, and the connections between them (viterbi.cpp, connector.h).

A candidate has a node for each of its words. Every node has two numbers: its right number in the
order in which states are computed, its left number in the order in which MeCab tries those that
end at one place.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from preprocess.mecab.dictionary.word_runs import COUNT_BITS, counts_of
from preprocess.mecab.graph.lattice import Lattice
from preprocess.mecab.graph.ragged import counts_to_splits, high, pack, raised, ranges, rows, take

STATE_BITS = 28
"""The lowest bits of a state hold a node's left number, those above its cost."""

# Bits below a row of the connection costs, and below the number of a node in its step.
_ROW_BITS, _NODE_BITS = 37, 14


class Nodes(NamedTuple):
    """All nodes of the lattice, by right number.

    Attributes:
      candidate: int32, shape (nodes,): index into `Lattice.right`.
      word: int32, shape (nodes,).
      added: int64, shape (nodes,): the word's cost above the node's left number.
      splits: int32, shape (steps + 2,): where BOS and the nodes of each step begin, then the
        number of all.
      right_number: int32, shape (nodes,): right numbers by left number.
      known: int32, shape (nodes,): likewise, but 0 for a node that ends at a cut: what it costs to
        get there is not known in the next section, and does not matter.
      first_left: int32, shape (characters + 2,): the least left number of those that end at each
        place or later.
    """

    candidate: tf.Tensor
    word: tf.Tensor
    added: tf.Tensor
    splits: tf.Tensor
    right_number: tf.Tensor
    known: tf.Tensor
    first_left: tf.Tensor


class Connections(NamedTuple):
    """All pairs of nodes that follow each other, by the right node, then by the left one.

    Attributes:
      left: int32, shape (connections,): the left node, as in `Nodes.known`.
      right: int32, shape (connections,): number of the right node, counted from its step's first.
      cost: int64, shape (connections,): above `STATE_BITS` bits of 0.
      splits: int32, shape (steps + 2,): where those of BOS (none) and of each step begin, then the
        number of all.
    """

    left: tf.Tensor
    right: tf.Tensor
    cost: tf.Tensor
    splits: tf.Tensor


def make_nodes(lattice: Lattice, words: tf.Tensor) -> Nodes:
    """Makes the nodes of all candidates.

    Args:
      lattice: of all texts.
      words: `Tables.words`.
    """
    runs = lattice.right.value
    first_word, count = high(runs, COUNT_BITS), counts_of(runs)
    first = counts_to_splits(count)
    number = tf.range(tf.size(count))
    expanded = ranges(pack(number, first_word, 32), tf.cast(count, tf.int64))
    word = tf.cast(expanded, tf.int32)

    begins, counts = take(first[:-1], lattice.by_end), take(count, lattice.by_end)
    right_number = ranges(begins, counts)
    is_before_cut = take(lattice.is_cut, take(lattice.right.end, lattice.by_end))
    left_number = tf.math.invert_permutation(right_number)
    cost = tf.bitwise.right_shift(take(words, word), tf.constant(32, tf.int64))
    ending = tf.math.unsorted_segment_sum(count, lattice.right.end, tf.size(lattice.is_cut))
    return Nodes(
        candidate=high(expanded, 32),
        word=word,
        added=pack(cost, left_number, STATE_BITS),
        splits=take(first, lattice.splits),
        right_number=right_number,
        known=ranges(tf.where(is_before_cut, 0, begins), counts),
        first_left=tf.ensure_shape(counts_to_splits(ending), [None]),
    )


def connect(
    nodes: Nodes, lattice: Lattice, words: tf.Tensor, costs: tf.Tensor, left_size: int
) -> Connections:
    """Connections of all nodes with those that end where they begin.

    Args:
      nodes: as `make_nodes` gives them.
      lattice: that the nodes belong to.
      words: `Tables.words`.
      costs: `Tables.connections`.
      left_size: `Connector.left_size`.
    """
    bos = nodes.splits[1]  # BOS nodes have no connections to the left
    ids = tf.cast(take(words, nodes.word), tf.int32)
    begin = take(lattice.right.begin, nodes.candidate[bos:])
    right_id = take(ids & 0xFFFF, nodes.right_number)
    left, splits = rows(pack(right_id, nodes.known, 32), nodes.first_left, begin)
    row = (tf.bitwise.right_shift(ids[bos:], 16) & 0xFFFF) * left_size
    right = ranges(
        pack(row, raised(_numbers_in_steps(nodes.splits[1:]), _NODE_BITS), _ROW_BITS),
        tf.cast(splits[1:] - splits[:-1], tf.int64),
    )
    cost = take(costs, high(left, 32) + high(right, _ROW_BITS))
    return Connections(
        left=tf.cast(left, tf.int32),
        right=high(right, _NODE_BITS) & ((1 << (_ROW_BITS - _NODE_BITS)) - 1),
        cost=raised(cost, STATE_BITS),
        splits=take(splits, tf.maximum(nodes.splits - bos, 0)),
    )


def _numbers_in_steps(splits: tf.Tensor) -> tf.Tensor:
    """For each node its number, counted from the first of its step; int32."""
    counts = splits[1:] - splits[:-1]
    return ranges(tf.zeros_like(counts), counts)
