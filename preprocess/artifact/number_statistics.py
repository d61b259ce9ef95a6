"""Mean and deviation of a number label, and the scale on which it is learnt."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, computed_field

from preprocess.core.declared import Declared


class NumberScale(Declared):
    """The offset and the unit of each number of a label, on which a model learns it."""

    mean: list[float]
    """The mean of each number over the train split."""
    deviation: list[float]
    """The standard deviation of each number; 1 where it never differs."""

    def standardised(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Values in original units, (rows,) or (rows, size), as deviations from the mean."""
        columns = np.asarray(values, np.float64).reshape(len(values), -1)
        standardised: NDArray[np.float64] = (columns - self.mean) / self.deviation
        return standardised.reshape(np.shape(values))


class NumberStatistics(Declared):
    """The numbers of a label, element by element.

    Adding is exact but for rounding: equal bytes need one order, that of the shards.
    """

    model_config = ConfigDict(extra="ignore")

    records: int = 0
    mean: list[float] = []
    squares: list[float] = []
    """Sums of the squared distances from the mean."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def deviation(self) -> list[float]:
        """The standard deviations, of a population."""
        return [math.sqrt(squares / max(self.records, 1)) for squares in self.squares]

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> NumberStatistics:
        """The statistics of finite values, (rows,) or (rows, size), of at least one row."""
        columns = values.astype(np.float64).reshape(len(values), -1)
        mean = columns.mean(axis=0)
        squares = np.square(columns - mean).sum(axis=0)
        return cls(records=len(values), mean=mean.tolist(), squares=squares.tolist())

    def __add__(self, other: NumberStatistics) -> NumberStatistics:
        """Of both together (Chan et al., Updating Formulae for Computing Variances, 1979)."""
        if not self.records or not other.records:
            return self if self.records else other
        records = self.records + other.records
        step = np.subtract(other.mean, self.mean)
        mean = self.mean + step * (other.records / records)
        between = np.square(step) * (self.records * other.records / records)
        squares = np.add(self.squares, other.squares) + between
        return NumberStatistics(records=records, mean=mean.tolist(), squares=squares.tolist())

    @property
    def scale(self) -> NumberScale:
        """The scale on which a model learns these numbers."""
        deviation = [spread if spread > 0 else 1.0 for spread in self.deviation]
        return NumberScale(mean=self.mean, deviation=deviation)
