"""Order of candidates, sections, nodes and connections; back along a path, and its tokens."""

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from preprocess.mecab.dictionary.token_features import SURFACE
from preprocess.mecab.graph.backtrace import best_path, last_nodes
from preprocess.mecab.graph.candidates import Candidates
from preprocess.mecab.graph.lattice import build_lattice, cut_places, order_by_end, sorted_by, steps
from preprocess.mecab.graph.nodes import STATE_BITS, connect, make_nodes
from preprocess.mecab.graph.tables import DROPPED
from preprocess.mecab.graph.text_characters import decode
from preprocess.mecab.graph.tokens import make_tokens

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


# Right numbers of `FOUND`'s nodes: 0 BOS, 1 and 2 ab, 3 a, 4 d, 5 b, 6 EOS, 7 c.
A, D, B, EOS, C = 3, 4, 5, 6, 7


@pytest.fixture(scope="module")
def nodes(lattice):
    return make_nodes(lattice, tf.zeros([BOS + 1], tf.int64))


def test_paths_end_at_eos_and_before_cuts(lattice, nodes):
    found = last_nodes(nodes, lattice, decode(tf.constant(["abcd"])))
    assert found.numpy().tolist() == [EOS, C]


@pytest.mark.parametrize(("left_of_c", "expected"), [(2, {A, B, C, D, EOS}), (4, {2, C, D, EOS})])
def test_back_along_the_best_path(lattice, nodes, left_of_c, expected):
    # Left numbers: 0 BOS, 1 a, 2 b, 3 and 4 ab, 5 c, 6 d, 7 EOS.
    lefts = tf.constant([0, 0, 0, 0, 0, 1, 6, left_of_c])
    path = best_path(lefts, nodes, lattice, decode(tf.constant(["abcd"]))).numpy().tolist()
    assert len(path) == len(expected) and set(path) == expected


def test_tokens_of_a_path(lattice, nodes):
    # By word: ab twice, a, b, c, d, three that are not there, BOS and EOS.
    forms = [SURFACE, SURFACE, SURFACE, DROPPED, 0, SURFACE, SURFACE, SURFACE, SURFACE, DROPPED]
    tables = SimpleNamespace(forms=tf.constant(forms), base_forms=tf.constant(["see", ""]))
    path = tf.constant([EOS, C, B, D, A])  # in any order
    found, counts = make_tokens(path, nodes, lattice, decode(tf.constant(["abcd"])), tables)
    assert found.numpy().tolist() == [b"a", b"see", b"d"]
    assert counts.numpy().tolist() == [3]
