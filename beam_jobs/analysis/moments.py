"""Sums of numbers that do not depend on their order.

Floats are added as integers: a float32 is an integer multiple of 2^-149, its square one of
2^-298, so Python's integers hold every sum exactly. Merging is integer addition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from preprocess.spec import NumericFeature

_MANTISSA_BITS = 53
_HALF = 26


@dataclass(frozen=True)
class Moments:
    """Count, exact sum and sum of squares, least and greatest of some numbers."""

    count: int = 0
    total: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)
    least: float = math.inf
    greatest: float = -math.inf

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> Moments:
        """The moments of finite float32 values."""
        if not len(values):
            return cls()
        exact = values.astype(np.float64)
        return cls(
            len(values),
            exact_sum(exact),
            exact_sum(exact * exact),  # 24-bit mantissas: the product is exact in float64
            float(exact.min()),
            float(exact.max()),
        )

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.count + other.count,
            self.total + other.total,
            self.squares + other.squares,
            min(self.least, other.least),
            max(self.greatest, other.greatest),
        )

    @property
    def mean(self) -> float:
        return float(self.total / self.count) if self.count else 0.0

    @property
    def variance(self) -> float:
        """The variance of a population, as of `tft.var`; exact until the last rounding."""
        if not self.count:
            return 0.0
        return float(self.squares / self.count - (self.total / self.count) ** 2)

    def shift_and_factor(self, feature: NumericFeature) -> tuple[float, float]:
        """What `graph.sequences.scale` needs; a feature without spread is only shifted."""
        if feature.scale == "none" or not self.count:
            return 0.0, 1.0
        if feature.scale == "z_score":
            return self.mean, _inverse(math.sqrt(self.variance))
        return self.least, _inverse(self.greatest - self.least)


def exact_sum(values: NDArray[np.float64]) -> Fraction:
    """The sum of finite float64 values, without rounding."""
    fractions, exponents = np.frexp(values)
    mantissas = np.ldexp(fractions, _MANTISSA_BITS).astype(np.int64)
    # Halves of a mantissa: sums of 2^36 of them still fit into an int64.
    high, low = mantissas >> _HALF, mantissas & ((1 << _HALF) - 1)
    total = Fraction(0)
    for exponent in np.unique(exponents):
        chosen = exponents == exponent
        mantissa = (int(high[chosen].sum()) << _HALF) + int(low[chosen].sum())
        total += mantissa * Fraction(2) ** (int(exponent) - _MANTISSA_BITS)
    return total


def _inverse(spread: float) -> float:
    return 1.0 / spread if spread > 0 else 1.0
