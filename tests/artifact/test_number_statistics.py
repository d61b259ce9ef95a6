"""Means and deviations: those of numpy, in whatever parts they were counted."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.artifact.number_statistics import NumberStatistics

NUMBERS = st.floats(-(2**99), 2**99, width=32, allow_subnormal=False)
PARTS = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5), min_size=1)


def _of(rows: list) -> NumberStatistics:
    return NumberStatistics.of(np.array(rows, np.float32))


@given(PARTS)
def test_parts_add_up_to_the_whole(parts: list[list[tuple[float, float]]]) -> None:
    found = reduce(add, map(_of, parts), NumberStatistics())
    values = np.array([row for part in parts for row in part], np.float64)
    bound = np.abs(values).max() * 1e-12
    assert found.records == len(values)
    np.testing.assert_allclose(found.mean, values.mean(axis=0), rtol=0, atol=bound)
    np.testing.assert_allclose(found.deviation, values.std(axis=0), rtol=1e-6, atol=bound)


def test_literal_values() -> None:
    found = _of([1, 2]) + _of([6])
    assert (found.records, found.mean, found.squares) == (3, [3.0], [14.0])
    assert found.deviation == [pytest.approx(2.160247)]
    scale = _of([[0, 7], [4, 7]]).scale
    assert (scale.mean, scale.deviation) == ([2.0, 7.0], [2.0, 1.0])
    np.testing.assert_array_equal(scale.standardised(np.array([[0, 7], [6, 8]])), [[-1, 0], [2, 1]])
    np.testing.assert_array_equal(_of([5, 5]).scale.standardised(np.array([5, 6])), [0, 1])


@pytest.mark.parametrize("value", [0.1, 3e38, 1e-30, 1e-45, -7.0])
def test_a_constant_has_no_deviation(value: float) -> None:
    parts = [np.full(rows, value, np.float32) for rows in (1, 3, 1000)]
    scale = reduce(add, map(NumberStatistics.of, parts)).scale
    assert (scale.mean, scale.deviation) == ([float(np.float32(value))], [1.0])
