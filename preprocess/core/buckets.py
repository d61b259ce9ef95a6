"""Bucket arithmetic: boundaries of least padding, and the bucket of a length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lengths = NDArray[np.int64]


def best_boundaries(
    histogram: Lengths, count: int, multiple_of: int = 1, longest: int | None = None
) -> list[int]:
    """The boundaries that leave the least padding, exactly, by dynamic programming.

    A record of length n is padded to the least boundary that is not below n. Among equally good
    choices the fewest boundaries, then the lowest, are taken.

    Args:
      histogram: int64, shape (longest + 1,): how many records have each length, in tokens.
      count: most boundaries.
      multiple_of: every boundary is a multiple of this.
      longest: the last boundary must hold this length too; None: the longest of the histogram.

    Returns:
      Ascending boundaries in tokens, at least one, each at least 1.
    """
    if count < 1 or multiple_of < 1:
        raise ValueError(f"got count={count}, multiple_of={multiple_of}, expected at least 1 each")
    candidates, records = _candidates(histogram, multiple_of, longest)
    costs, previous = _solve(candidates, records, min(count, len(candidates)))
    return _trace(candidates, previous, int(np.argmin(costs)))


def padded_tokens(histogram: Lengths, boundaries: list[int]) -> tuple[int, int]:
    """Tokens after padding, and tokens before it.

    Args:
      histogram: int64: how many records have each length; none longer than the last boundary.
      boundaries: ascending, in tokens.
    """
    lengths = np.flatnonzero(histogram)  # the histogram may end in zeros beyond the last boundary
    records = histogram[lengths]
    after = np.asarray(boundaries)[bucket_of(lengths, boundaries)]
    return int(after @ records), int(lengths @ records)


def bucket_of(lengths: Lengths, boundaries: list[int]) -> Lengths:
    """The index of the bucket of each length: the least boundary that is not below it.

    Raises:
      ValueError: a length exceeds the last boundary.
    """
    buckets = np.searchsorted(np.asarray(boundaries), lengths, side="left")
    if lengths.size and int(lengths.max()) > boundaries[-1]:
        raise ValueError(f"got a length of {int(lengths.max())}, expected at most {boundaries[-1]}")
    return buckets


def _candidates(
    histogram: Lengths, multiple_of: int, longest: int | None
) -> tuple[Lengths, Lengths]:
    """Possible boundaries, and the records between each and the one before it."""
    held = np.flatnonzero(histogram)
    last = max(int(held[-1]) if held.size else 0, longest or 0, 1)
    aligned = -(-np.append(held, last) // multiple_of) * multiple_of
    candidates = np.unique(np.maximum(aligned, multiple_of))
    records = np.zeros(len(candidates), np.int64)
    np.add.at(records, np.searchsorted(candidates, held), histogram[held])
    return candidates, records


def _solve(candidates: Lengths, records: Lengths, count: int) -> tuple[Lengths, Lengths]:
    """Least padded tokens with k boundaries of which the last is candidate j.

    cost[k][j] = min over i < j of cost[k-1][i] + candidates[j] * records in (i, j]

    Returns:
      cost[k][last] for each k, and the argmin table of shape (count, candidates).
    """
    below = np.concatenate([[0], np.cumsum(records)])
    cost = candidates * below[1:]
    costs, previous = [cost[-1]], [np.full(len(candidates), -1)]
    for k in range(1, count):
        cost, choice = _extend(cost, candidates, below, k)
        costs.append(cost[-1])
        previous.append(choice)
    return np.asarray(costs), np.asarray(previous)


def _extend(cost: Lengths, candidates: Lengths, below: Lengths, k: int) -> tuple[Lengths, Lengths]:
    """One boundary more after k of them, for every last candidate j >= k.

    The best i grows with j (the cost satisfies the quadrangle inequality), so halving the range
    of j halves the range of i: O(n log n) instead of O(n^2).
    """
    best, choice = np.full(len(cost), np.iinfo(np.int64).max), np.full(len(cost), -1)
    pending = [(k, len(cost), k - 1, len(cost))]
    while pending:
        first, stop, low, high = pending.pop()
        if first >= stop:
            continue
        j = (first + stop) // 2
        i = np.arange(low, min(high, j))
        total = cost[i] + candidates[j] * (below[j + 1] - below[i + 1])
        least = int(np.argmin(total))
        best[j], choice[j] = total[least], i[least]
        pending += [(first, j, low, i[least] + 1), (j + 1, stop, i[least], high)]
    return best, choice


def _trace(candidates: Lengths, previous: Lengths, k: int) -> list[int]:
    boundaries, j = [], len(candidates) - 1
    while j >= 0 and k >= 0:
        boundaries.append(int(candidates[j]))
        j, k = int(previous[k][j]), k - 1
    return boundaries[::-1]
