"""The ragged operations that the stages share."""

import tensorflow as tf

from preprocess.mecab.graph import ragged


def ints(*values, dtype=tf.int32):
    return tf.constant(values, dtype)


def test_ranges():
    found = ragged.ranges(ints(5, 0, 7), ints(2, 0, 3))
    assert found.numpy().tolist() == [5, 6, 7, 8, 9]


def test_rows():
    values, splits = ragged.rows(ints(10, 11, 12), ints(0, 2, 2, 3), ints(2, 0, 1, 0))
    assert values.numpy().tolist() == [12, 10, 11, 10, 11]
    assert splits.numpy().tolist() == [0, 1, 3, 3, 5]


def test_places():
    mask = tf.constant([False, True, False, False, True])
    assert ragged.places(mask).numpy().tolist() == [1, 4]
    assert ragged.next_place(mask).numpy().tolist() == [1, 1, 4, 4, 4]
    assert ragged.counts_to_splits(ints(2, 0, 3)).numpy().tolist() == [0, 2, 2, 5]


def test_packing():
    packed = ragged.pack(ints(-3, 7), ints(5, 0), 28)
    assert ragged.high(packed, 28).numpy().tolist() == [-3, 7]
    assert (packed & ((1 << 28) - 1)).numpy().tolist() == [5, 0]
    assert ragged.raised(ints(-1), 3).numpy().tolist() == [-8]
