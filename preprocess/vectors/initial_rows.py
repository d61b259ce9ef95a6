"""First values for the rows of words that have no pretrained vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from preprocess.core.errors import UsageError
from preprocess.model_file.text_options import Missing
from preprocess.vectors.vector_file import Vector

Matrix = npt.NDArray[np.float32]
Draw = Callable[[tuple[int, ...]], Any]

# Keras' Embedding begins with RandomUniform(-0.05, 0.05).
_UNIFORM_LIMIT = 0.05
_BLOCK_ROWS = 4096


def check_missing(missing: str) -> None:
    """Refuses what is not one of `Missing`.

    Raises:
      UsageError: lists them.
    """
    if missing not in get_args(Missing):
        raise UsageError(
            f"got missing={missing!r}, expected one of {', '.join(get_args(Missing))}; use one"
        )


def fill(matrix: Matrix, found: npt.NDArray[np.bool_], missing: Missing, seed: int) -> None:
    """Writes the rows of `matrix` that are not found.

    Numbers are drawn for every row, so that those of a row depend on the seed, the row and the
    width alone, not on which other words are found.

    Args:
      matrix: float32, shape (rows, dim).
      found: bool, shape (rows,), at least one True.
      missing: `uniform`, in [-0.05, 0.05]; `normal`, with the mean and the standard deviation that
        the found rows have in each dimension; `mean`, their mean; `zeros`.
      seed: of `numpy.random.default_rng`.
    """
    draw = _drawing(matrix, found, missing, np.random.default_rng(seed))
    for start in range(0, len(matrix), _BLOCK_ROWS):
        block = matrix[start : start + _BLOCK_ROWS]
        empty = ~found[start : start + _BLOCK_ROWS]
        block[empty] = np.broadcast_to(draw(block.shape), block.shape)[empty]


def _drawing(
    matrix: Matrix, found: npt.NDArray[np.bool_], missing: Missing, rng: np.random.Generator
) -> Draw:
    """What gives an array, or one that broadcasts, for a shape of (rows, dim)."""
    if missing == "zeros":
        return lambda shape: np.float32(0)
    if missing == "uniform":
        width, low = np.float32(2 * _UNIFORM_LIMIT), np.float32(_UNIFORM_LIMIT)
        return lambda shape: rng.random(shape, np.float32) * width - low
    mean, deviation = _moments(matrix, found)
    if missing == "mean":
        return lambda shape: mean
    return lambda shape: rng.standard_normal(shape, np.float32) * deviation + mean


def _moments(matrix: Matrix, found: npt.NDArray[np.bool_]) -> tuple[Vector, Vector]:
    """Mean and standard deviation (of a population) of the found rows, each of shape (dim,)."""
    mean = _average(matrix, found, lambda rows: rows)
    variance = _average(matrix, found, lambda rows: (rows - mean) ** 2)
    return mean.astype(np.float32), np.sqrt(variance).astype(np.float32)


def _average(matrix: Matrix, found: npt.NDArray[np.bool_], of: Callable[[Any], Any]) -> Any:
    """float64, shape (dim,); summed in the order of rows, whatever that of the file."""
    total = np.zeros(matrix.shape[1])
    for start in range(0, len(matrix), _BLOCK_ROWS):
        block = slice(start, start + _BLOCK_ROWS)
        total += of(matrix[block][found[block]].astype(np.float64)).sum(axis=0)
    return total / np.count_nonzero(found)
