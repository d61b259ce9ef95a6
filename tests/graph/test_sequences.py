"""Cutting, padding and scaling, against Keras and plain Python."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from tf_keras.preprocessing.sequence import pad_sequences

from preprocess.graph.sequences import drop_and_truncate, pad, scale, sequence_lengths
from preprocess.spec import TextFeature

SIDES = st.sampled_from(["pre", "post"])
NUMBERS = st.floats(-(2.0**30), 2.0**30, width=32, allow_subnormal=False)
ROWS = st.lists(st.lists(st.integers(1, 50), max_size=9), min_size=1, max_size=6)


def _ragged(rows: list[list[int]]) -> tf.RaggedTensor:
    return tf.ragged.constant(rows, tf.int64, ragged_rank=1, row_splits_dtype=tf.int64)


def _fitted(rows: list[list[int]], feature: TextFeature, drops: bool) -> list[list[int]]:
    return drop_and_truncate(_ragged(rows), feature, drops).to_list()


CUTS = {
    "post": (TextFeature(max_length=2), False, [[1, 2], [4], []]),
    "pre": (TextFeature(max_length=2, truncating="pre"), False, [[2, 3], [4], []]),
    "no bound": (TextFeature(), False, [[1, 2, 3], [4], []]),
    "long bound": (TextFeature(max_length=9), False, [[1, 2, 3], [4], []]),
    "padding does not matter": (TextFeature(max_length=1, padding="pre"), False, [[1], [4], []]),
}


@pytest.mark.parametrize(("feature", "drops", "expected"), CUTS.values(), ids=CUTS)
def test_cut(feature: TextFeature, drops: bool, expected: list[list[int]]) -> None:
    assert _fitted([[1, 2, 3], [4], []], feature, drops) == expected


def test_words_are_dropped_before_the_cut() -> None:
    feature = TextFeature(max_length=2)
    assert _fitted([[0, 1, 0, 2, 3], [0, 0]], feature, drops=True) == [[1, 2], []]
    late = TextFeature(max_length=2, truncating="pre")
    assert _fitted([[1, 2, 0, 3, 0]], late, drops=True) == [[2, 3]]


@given(
    st.lists(st.lists(st.integers(0, 5), max_size=9), max_size=6),
    st.none() | st.integers(1, 10),
    SIDES,
)
def test_drop_and_truncate_is_plain_python(
    rows: list[list[int]], length: int | None, side: str
) -> None:
    feature = TextFeature(max_length=length, truncating=side)
    dropped = [[i for i in row if i] for row in rows]
    cut = slice(None, length) if side == "post" else slice(-length if length else None, None)
    assert _fitted(rows, feature, drops=True) == [row[cut] for row in dropped]


@given(
    st.lists(st.lists(st.integers(0, 5), max_size=9), max_size=6),
    st.none() | st.integers(1, 10),
    SIDES,
    st.booleans(),
)
def test_lengths_are_those_of_the_sequences(
    rows: list[list[int]], length: int | None, side: str, drops: bool
) -> None:
    """The lengths choose the bucket boundaries; the sequences are what is written."""
    feature = TextFeature(max_length=length, truncating=side)
    before = np.array([len(row) for row in rows], np.int64)
    ids = np.array([i for row in rows for i in row], np.int64) if drops else None
    found = sequence_lengths(before, feature, ids)
    assert found.tolist() == [len(row) for row in _fitted(rows, feature, drops)]


PADS = {
    "post": ("post", [[1, 2, 3], [4], []], [[1, 2, 3], [4, 0, 0], [0, 0, 0]]),
    "pre": ("pre", [[1, 2, 3], [4], []], [[1, 2, 3], [0, 0, 4], [0, 0, 0]]),
    "all empty": ("post", [[], []], [[0], [0]]),
    "all empty, pre": ("pre", [[], []], [[0], [0]]),
    "one": ("pre", [[7]], [[7]]),
}


@pytest.mark.parametrize(("side", "rows", "expected"), PADS.values(), ids=PADS)
def test_pad(side: str, rows: list[list[int]], expected: list[list[int]]) -> None:
    padded = pad(_ragged(rows), side)
    assert padded.dtype == tf.int64
    assert padded.numpy().tolist() == expected


@pytest.mark.parametrize("side", ["pre", "post"])
def test_pad_of_no_rows(side: str) -> None:
    assert pad(_ragged([]), side).shape == (0, 1)


@given(ROWS, SIDES, SIDES, st.integers(1, 10))
def test_equals_keras(rows: list[list[int]], padding: str, truncating: str, length: int) -> None:
    feature = TextFeature(max_length=length, truncating=truncating, padding=padding)
    padded = pad(drop_and_truncate(_ragged(rows), feature, drops=False), padding).numpy()
    width = max(1, *(min(len(row), length) for row in rows))
    keras = pad_sequences(rows, maxlen=width, padding=padding, truncating=truncating)
    np.testing.assert_array_equal(padded, keras)


@settings(max_examples=20)
@given(ROWS, SIDES, SIDES)
def test_traced_equals_eager(rows: list[list[int]], padding: str, truncating: str) -> None:
    feature = TextFeature(max_length=4, truncating=truncating, padding=padding)
    ids = _ragged(rows)
    expected = pad(drop_and_truncate(ids, feature, drops=True), padding).numpy().tolist()
    assert _TRACED[padding, truncating](ids).numpy().tolist() == expected


def _traced(padding: str, truncating: str):
    feature = TextFeature(max_length=4, truncating=truncating, padding=padding)
    signature = [tf.RaggedTensorSpec([None, None], tf.int64, row_splits_dtype=tf.int64)]
    return tf.function(lambda ids: pad(drop_and_truncate(ids, feature, True), padding), signature)


_TRACED = {(p, t): _traced(p, t) for p in ("pre", "post") for t in ("pre", "post")}


SCALES = {
    "nothing": ([1.5, -2.0], (0.0, 1.0), [1.5, -2.0]),
    "z score": ([1.0, 3.0, 5.0], (3.0, 0.5), [-1.0, 0.0, 1.0]),
    # In float32 the shift would swallow the digits: 2^24 + 1 has no float32.
    "large shift": ([16777216.0, 16777218.0], (16777217.0, 1.0), [-1.0, 1.0]),
    "no rows": ([], (3.0, 0.5), []),
}


@pytest.mark.parametrize(("values", "by", "expected"), SCALES.values(), ids=SCALES)
def test_scale(values: list[float], by: tuple[float, float], expected: list[float]) -> None:
    scaled = scale(tf.constant(values, tf.float32), tf.constant(by, tf.float64))
    assert scaled.dtype == tf.float32
    assert scaled.numpy().tolist() == expected


@given(
    st.lists(NUMBERS, max_size=5),
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.floats(2.0**-20, 2.0**20),
)
def test_scale_is_float64_arithmetic(values: list[float], shift: float, factor: float) -> None:
    scaled = scale(tf.constant(values, tf.float32), tf.constant([shift, factor], tf.float64))
    exact = np.array([(np.float64(v) - shift) * factor for v in values]).astype(np.float32)
    # TensorFlow flushes results below the least normal float32 to zero.
    least = np.finfo(np.float32).tiny
    np.testing.assert_allclose(scaled.numpy(), exact, rtol=0, atol=least)
