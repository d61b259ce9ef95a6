"""Sums of numbers: exact, and the same in any order."""

from __future__ import annotations

import math
import pickle
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.analysis.moments import Moments, exact_sum
from preprocess.spec import NumericFeature

FLOATS = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=40)
GREATEST, LEAST = 3.4028234663852886e38, 1.401298464324817e-45


def _of(values: list[float]) -> Moments:
    return Moments.of(np.array(values, np.float32))


@given(FLOATS)
def test_sums_are_exact(values: list[float]) -> None:
    moments = _of(values)
    exact = [Fraction(value) for value in values]
    assert moments.count == len(values)
    assert moments.total == sum(exact)
    assert moments.squares == sum(value * value for value in exact)
    assert float(moments.total) == math.fsum(values)


@given(st.lists(st.floats(-1e300, 1e300), max_size=40))
def test_exact_sum_of_doubles(values: list[float]) -> None:
    assert exact_sum(np.array(values, np.float64)) == sum(map(Fraction, values))


@given(FLOATS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_and_partition_do_not_matter(
    values: list[float], rng: random.Random, parts: int
) -> None:
    shuffled = rng.sample(values, len(values))
    pieces = [_of(shuffled[part::parts]) for part in range(parts)]
    assert sum(pieces, Moments()) == _of(values)
    assert sum(reversed(pieces), Moments()) == _of(values)


def test_what_float_sums_lose() -> None:
    values = [1e30, 1.0, -1e30]
    assert float(np.sum(np.array(values, np.float32))) == 0.0
    assert _of(values).total == 1
    assert _of(values).least == -float(np.float32(1e30))


def test_many_equal_values() -> None:
    moments = Moments.of(np.full(1_000_000, 0.1, np.float32))
    assert moments.total == 1_000_000 * Fraction(float(np.float32(0.1)))
    assert moments.variance == 0.0


NUMBERS = {
    "one to four": [1.0, 2.0, 3.0, 4.0],
    "negative": [-5.5, 0.25, 1e-3, 7.0],
    "close together": [16777216.0, 16777218.0, 16777220.0],
    "huge": [GREATEST, -GREATEST, 0.0],
    "small": [1e-30, 2e-30, 4e-30],
}


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_scales_are_numpys(values: list[float]) -> None:
    double = np.array(values, np.float32).astype(np.float64)
    shift, factor = _of(values).shift_and_factor(NumericFeature(scale="z_score"))
    assert shift == pytest.approx(double.mean(), rel=1e-15)
    assert factor == pytest.approx(1 / double.std(), rel=1e-12)
    shift, factor = _of(values).shift_and_factor(NumericFeature(scale="min_max"))
    assert (shift, factor) == (double.min(), 1 / (double.max() - double.min()))


def test_literal_scales() -> None:
    moments = _of([1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
    assert (moments.mean, moments.variance) == (4.0, 20 / 3)
    assert moments.shift_and_factor(NumericFeature(scale="min_max")) == (1.0, 0.125)
    assert moments.shift_and_factor(NumericFeature(scale="none")) == (0.0, 1.0)


@pytest.mark.parametrize("value", [0.0, -7.25, 0.1, GREATEST, LEAST])
def test_constant_features_are_only_shifted(value: float) -> None:
    moments = _of([value] * 7)
    exact = float(np.float32(value))
    for scale in ("z_score", "min_max"):
        assert moments.shift_and_factor(NumericFeature(scale=scale)) == (exact, 1.0)


@pytest.mark.parametrize("scale", ["z_score", "min_max", "none"])
def test_no_values(scale: str) -> None:
    assert _of([]) == Moments()
    assert Moments().shift_and_factor(NumericFeature(scale=scale)) == (0.0, 1.0)


@pytest.mark.parametrize("scale", ["z_score", "min_max"])
@given(values=FLOATS)
def test_scales_are_always_finite(scale: str, values: list[float]) -> None:
    shift, factor = _of(values).shift_and_factor(NumericFeature(scale=scale))
    assert math.isfinite(shift)
    assert math.isfinite(factor)
    assert factor > 0


def test_least_spread() -> None:
    shift, factor = _of([0.0, LEAST]).shift_and_factor(NumericFeature(scale="z_score"))
    assert (shift, factor) == (2.0**-150, 2.0**150)


def test_pickles() -> None:
    moments = _of([0.1, 1e30, LEAST])
    assert pickle.loads(pickle.dumps(moments)) == moments
