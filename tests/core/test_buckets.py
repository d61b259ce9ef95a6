"""Bucket boundaries against brute force, and literal cases."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.core.buckets import best_boundaries, bucket_of, padded_tokens

HISTOGRAMS = st.lists(st.integers(0, 5), min_size=1, max_size=11)


def _histogram(lengths: list[int]) -> np.ndarray:
    return np.bincount(np.asarray(lengths, np.int64)).astype(np.int64)


def _padded(histogram: list[int], boundaries: tuple[int, ...]) -> int:
    """Tokens after padding, straight from the definition."""
    return sum(
        records * min(b for b in boundaries if b >= length)
        for length, records in enumerate(histogram)
        if records
    )


def _brute_force(histogram: list[int], count: int, multiple_of: int, longest: int) -> list[int]:
    """Tries every set of boundaries: least padding, then fewest, then the lowest from the end."""
    held = [length for length, records in enumerate(histogram) if records]
    last = -(-max([1, longest, *held]) // multiple_of) * multiple_of
    below = range(multiple_of, last, multiple_of)
    choices = [(*some, last) for k in range(count) for some in combinations(below, k)]
    return list(min(choices, key=lambda b: (_padded(histogram, b), len(b), b[::-1])))


@settings(max_examples=300)
@given(HISTOGRAMS, st.integers(1, 5), st.integers(1, 4), st.integers(0, 12))
def test_best_boundaries_equal_brute_force(
    histogram: list[int], count: int, multiple_of: int, longest: int
) -> None:
    best = best_boundaries(np.asarray(histogram), count, multiple_of, longest)
    assert best == _brute_force(histogram, count, multiple_of, longest)


@given(HISTOGRAMS, st.integers(1, 5), st.integers(1, 4))
def test_properties_of_boundaries(histogram: list[int], count: int, multiple_of: int) -> None:
    best = best_boundaries(np.asarray(histogram), count, multiple_of)
    assert 1 <= len(best) <= count
    assert best == sorted(set(best))
    assert all(b >= 1 and b % multiple_of == 0 for b in best)
    assert all(type(b) is int for b in best)
    assert best[-1] >= max((n for n, records in enumerate(histogram) if records), default=0)


@given(HISTOGRAMS)
def test_more_boundaries_never_pad_more(histogram: list[int]) -> None:
    counts = np.asarray(histogram)
    padded = [padded_tokens(counts, best_boundaries(counts, k))[0] for k in range(1, 6)]
    assert padded == sorted(padded, reverse=True)


@pytest.mark.parametrize(
    ("lengths", "count", "multiple_of", "longest", "expected"),
    [
        pytest.param([3, 3, 3, 10], 1, 1, None, [10], id="one bucket"),
        pytest.param([3, 3, 3, 10], 2, 1, None, [3, 10], id="two buckets"),
        pytest.param([3, 3, 3, 10], 8, 1, None, [3, 10], id="more buckets than lengths"),
        pytest.param([1, 2, 3, 4], 2, 1, None, [2, 4], id="even lengths"),
        pytest.param([3, 10, 17], 3, 8, None, [8, 16, 24], id="multiples of eight"),
        pytest.param([9, 10, 15], 3, 8, None, [16], id="all in one multiple"),
        pytest.param([3, 3], 2, 1, 10, [3, 10], id="longest of another split"),
        pytest.param([3, 3], 1, 1, 10, [10], id="longest with one bucket"),
        pytest.param([3, 12], 2, 1, 10, [3, 12], id="longest below the histogram's"),
        pytest.param([0, 0, 0], 4, 1, None, [1], id="zero lengths only"),
        pytest.param([0, 0, 5], 2, 1, None, [1, 5], id="zero lengths beside others"),
        pytest.param([0], 3, 8, None, [8], id="zero length, multiples"),
        pytest.param([], 3, 1, None, [1], id="no records"),
        pytest.param([], 3, 1, 7, [7], id="no records in train, some elsewhere"),
    ],
)
def test_literal_boundaries(
    lengths: list[int], count: int, multiple_of: int, longest: int | None, expected: list[int]
) -> None:
    assert best_boundaries(_histogram(lengths), count, multiple_of, longest) == expected


def test_empty_histogram() -> None:
    assert best_boundaries(np.zeros(0, np.int64), 3) == [1]


@pytest.mark.parametrize(("count", "multiple_of"), [(0, 1), (1, 0), (-1, 1)])
def test_refuses_nonsense(count: int, multiple_of: int) -> None:
    with pytest.raises(ValueError, match="expected at least 1 each"):
        best_boundaries(np.ones(3, np.int64), count, multiple_of)


def test_long_histograms_cost_little_more_than_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = np.random.default_rng(0).lognormal(6, 1, 200_000).astype(np.int64).clip(0, 8000)
    histogram = np.bincount(lengths)
    tried = 0

    def counted(low: int, high: int) -> np.ndarray:
        nonlocal tried
        tried += max(0, high - low)
        return arange(low, high)

    arange = np.arange
    monkeypatch.setattr(np, "arange", counted)  # of the boundaries among which the best is chosen
    best = best_boundaries(histogram, 16)
    monkeypatch.undo()
    candidates = np.count_nonzero(histogram)
    assert candidates > 3_000
    # O(n log n) of them for each boundary, not the n^2 / 2 of trying every pair.
    assert 0 < tried < 15 * 2 * candidates * np.log2(candidates)
    assert len(best) == 16
    after, before = padded_tokens(histogram, best)
    assert before == lengths.sum()
    quantiles = sorted({int(q) for q in np.quantile(lengths, np.arange(1, 17) / 16)})
    assert after < 0.97 * padded_tokens(histogram, quantiles)[0]


def test_zeros_at_the_end_of_a_histogram() -> None:
    assert best_boundaries(np.asarray([0, 0, 4, 0, 0]), 2) == [2]
    assert padded_tokens(np.asarray([0, 1, 4, 0, 0]), [2]) == (10, 9)


def test_huge_counts_do_not_overflow() -> None:
    histogram = np.zeros(1001, np.int64)
    histogram[[10, 1000]] = 10**12
    assert best_boundaries(histogram, 2) == [10, 1000]


def test_bucket_of_edges() -> None:
    lengths = np.asarray([0, 1, 4, 5, 8, 9, 10])
    assert bucket_of(lengths, [4, 8, 10]).tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert bucket_of(np.zeros(0, np.int64), [4]).tolist() == []
    assert bucket_of(np.asarray([0]), [1]).tolist() == [0]


def test_bucket_of_refuses_what_no_bucket_holds() -> None:
    with pytest.raises(ValueError, match="got a length of 11, expected at most 10"):
        bucket_of(np.asarray([3, 11]), [4, 10])


@given(HISTOGRAMS, st.integers(1, 4))
def test_padded_tokens_by_definition(histogram: list[int], count: int) -> None:
    counts = np.asarray(histogram)
    boundaries = best_boundaries(counts, count)
    after, before = padded_tokens(counts, boundaries)
    assert after == _padded(histogram, tuple(boundaries))
    assert before == sum(length * records for length, records in enumerate(histogram))
