"""Order of candidates, pieces, nodes and connections."""

import numpy as np
import pytest
import tensorflow as tf

from preprocess.mecab.candidates import Candidates
from preprocess.mecab.characters import decode
from preprocess.mecab.lattice import build_lattice, cut_places, order_by_end, sorted_by, steps
from preprocess.mecab.nodes import STATE_BITS, connect, make_nodes

BOS = 9


def candidates(*each):
    begin, end, value = zip(*each, strict=True)
    return Candidates(tf.constant(begin), tf.constant(end), tf.constant(value))


# "abcd": words ab (2 nodes), a, b, c, cd, d; all begin and end at 0 to 4.
FOUND = candidates((0, 2, 256 * 0 + 2), (0, 1, 513), (1, 2, 769), (2, 3, 1025), (3, 4, 1281))
STARTS = tf.constant([True] * 4 + [False])


@pytest.fixture(scope="module")
def lattice():
    characters = decode(tf.constant(["abcd"]))
    return build_lattice(FOUND, characters, STARTS, tf.range(5), BOS)


def test_sorted_by_is_stable():
    keys = np.random.default_rng(0).integers(0, 9, 1000)
    expected = np.argsort(keys, kind="stable")
    assert np.array_equal(sorted_by(tf.constant(keys)).numpy(), expected)


def test_latest_begin_first_then_dictionary_first():
    ends, lengths = tf.constant([5, 3, 5, 5, 5]), tf.constant([2, 1, 1, 2, 3])
    assert order_by_end(ends, lengths).numpy().tolist() == [1, 2, 0, 3, 4]


def test_cut_places():
    # At 2 end three nodes; at 1 and 3 one, but ab reaches across 1.
    found = cut_places(FOUND, STARTS, tf.constant([0]))
    assert found.numpy().tolist() == [True, False, False, True, False]


def test_cut_places_of_texts():
    starts = tf.constant([True, False, False])  # a text of one character, then an empty one
    none = candidates((0, 1, 256 + 2))
    found = cut_places(none, starts, tf.constant([0, 2]))
    assert found.numpy().tolist() == [True, False, True]


def test_steps_leave_out_blanks():
    starts = tf.constant([True, False, False, True, True, True, False])
    is_cut = tf.constant([True, False, False, False, True, False, False])
    assert steps(starts, is_cut).numpy().tolist() == [0, 1, 1, 1, 0, 1, 2]


def test_lattice(lattice):
    # BOS; step 0 begins at 0 and 3, step 1 at 1 and 4 (EOS), step 2 at 2.
    assert lattice.right.begin.numpy().tolist() == [0, 0, 0, 3, 1, 4, 2]
    assert lattice.right.end.numpy().tolist() == [0, 2, 1, 4, 2, 5, 3]
    assert lattice.splits.numpy().tolist() == [0, 1, 4, 6, 7]
    assert lattice.by_end.numpy().tolist() == [0, 2, 4, 1, 6, 3, 5]
    assert lattice.is_cut.numpy().tolist() == [True, False, False, True, False, False]


def test_nodes_and_connections(lattice):
    ids = np.array([[10, 1, 1], [20, 1, 2], [30, 0, 1], [40, 2, 0], [50, 2, 2], [60, 1, 0]])
    cost, left, right = ids.T
    words = np.append((cost << 32) + (left << 16) + right, [0] * 4)
    nodes = make_nodes(lattice, tf.constant(words))
    assert nodes.word.numpy().tolist() == [BOS, 0, 1, 2, 5, 3, BOS, 4]
    assert nodes.splits.numpy().tolist() == [0, 1, 5, 7, 8]
    assert nodes.right_number.numpy().tolist() == [0, 3, 5, 1, 2, 7, 4, 6]
    assert nodes.known.numpy().tolist() == [0, 3, 5, 1, 2, 0, 4, 6]
    assert nodes.first_left.numpy().tolist() == [0, 1, 2, 5, 6, 7, 8]
    costs = (nodes.added.numpy() >> STATE_BITS).tolist()
    assert costs == [0, 10, 20, 30, 60, 40, 0, 50]

    matrix = tf.constant(np.arange(9, dtype=np.int16))  # right id + 3 * left id
    found = connect(nodes, lattice, tf.constant(words), matrix, 3)
    # From BOS to ab, ab, a; behind the cut to d; from a to b; from d to EOS; to c.
    assert found.left.numpy().tolist() == [0, 0, 0, 0, 3, 4, 5, 1, 2]
    assert found.right.numpy().tolist() == [0, 1, 2, 3, 0, 1, 0, 0, 0]
    assert found.splits.numpy().tolist() == [0, 0, 4, 6, 9]
    expected = [3, 3, 0, 3 + 2, 6 + 1, 0, 6 + 0, 6 + 1, 6 + 2]
    assert (found.cost.numpy() >> STATE_BITS).tolist() == expected
