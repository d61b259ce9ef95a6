"""The cheapest way through a lattice, and back along it."""

import tensorflow as tf

from preprocess.mecab.graph.nodes import STATE_BITS, Connections, Nodes
from preprocess.mecab.graph.portions import in_portions
from preprocess.mecab.graph.text_characters import decode
from preprocess.mecab.graph.viterbi import best_left


def made(costs, left_numbers):
    states = [(c << STATE_BITS) + n for c, n in zip(costs, left_numbers, strict=True)]
    return tf.constant(states, tf.int64)


def lefts(connection_costs):
    """Best left numbers for BOS, nodes 1 and 2 behind it, then 3 behind both."""
    nodes = Nodes(
        candidate=tf.range(4),
        word=tf.range(4),
        added=made([0, 5, 5, 1], [0, 2, 1, 3]),  # node 2 is tried before node 1
        splits=tf.constant([0, 1, 3, 4]),
        right_number=tf.constant([0, 2, 1, 3]),
        known=tf.constant([0, 2, 1, 3]),
        first_left=tf.constant([0]),
    )
    connections = Connections(
        left=tf.constant([0, 0, 2, 1]),
        right=tf.constant([0, 1, 0, 0]),
        cost=tf.constant(connection_costs, tf.int64) * 2**STATE_BITS,
        splits=tf.constant([0, 0, 2, 4]),
    )
    return best_left(nodes, connections).numpy().tolist()


def test_cheapest_wins():
    assert lefts([0, 0, 3, 2])[1:] == [0, 0, 2]
    assert lefts([0, -4, 3, 2])[1:] == [0, 0, 1]


def test_of_equally_cheap_ones_the_first_in_order():
    assert lefts([0, 0, 3, 3])[1:] == [0, 0, 1]
    assert lefts([-9, 0, -30_000, -29_991])[1:] == [0, 0, 1]


def by_characters(texts):
    """A segmenter of portions that tells each text's portion by its number of texts."""
    characters = decode(texts)
    counts = characters.ends - characters.starts
    tokens = tf.strings.unicode_split(texts, "UTF-8")
    return tokens.flat_values, counts


def test_portions_keep_the_order():
    texts = ["あいう", "", "x", "かきくけこ", "yz"]
    expected = [[c.encode() for c in text] for text in texts]
    for size in (1, 6, 1000):
        found = in_portions(by_characters, tf.constant(texts), size, 2)
        assert found.to_list() == expected
        assert found.row_splits.dtype == tf.int64


def test_portions_take_texts_of_like_length():
    sizes = []

    def note(texts):
        sizes.append(sorted(tf.strings.length(texts).numpy().tolist()))
        return by_characters(texts)

    in_portions(note, tf.constant(["a" * 9, "b", "c" * 8, "d" * 2]), 10, 1)
    assert sizes == [[8, 9], [1, 2]]


def test_no_portion():
    signature = [tf.TensorSpec([None], tf.string)]
    run = tf.function(lambda texts: in_portions(by_characters, texts, 10, 2), signature)
    assert run(tf.constant([], tf.string)).to_list() == []
