"""The sample of texts that models are trained on: neither order nor bundles bear on it."""

import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.subwords.text_sample import BINS, TextSample, bins_for, counts_by_bin, marked

TEXTS = st.lists(st.binary(max_size=3), max_size=60)


def sample_of(texts, size, seed=0, bundles=1, bins=BINS):
    """The sample of the samples of bundles."""
    whole = TextSample(size)
    for start in range(bundles):
        part = TextSample(size)
        for text in texts[start::bundles]:
            part.add(marked(pa.array([text], pa.binary()), seed, bins))
        whole.add(part.table())
    return whole.table()["text"].to_pylist()


@given(TEXTS, st.integers(1, 20), st.integers(1, 4), st.randoms())
def test_order_and_bundles_change_nothing(texts, size, bundles, chance):
    expected = sample_of(texts, size)
    assert len(expected) == min(size, sum(map(bool, texts)))
    chance.shuffle(texts)
    assert sample_of(texts, size, bundles=bundles) == expected


@given(TEXTS, st.integers(1, 20))
def test_bins_hold_the_sample(texts, size):
    counts = counts_by_bin(marked(pa.array(texts, pa.binary()), 0))
    assert counts.shape == (BINS,) and counts.sum() == sum(map(bool, texts))
    bins = bins_for(counts, size)
    assert sample_of(texts, size, bins=bins) == sample_of(texts, size)
    assert bins == BINS or counts[: bins - 1].sum() < size <= counts[:bins].sum()


@pytest.mark.parametrize(("counts", "bins"), [({}, BINS), ({0: 5}, 1), ({7: 4, 9: 1}, 10)])
def test_how_many_bins(counts, bins):
    array = np.zeros(BINS, np.int64)
    for place, count in counts.items():
        array[place] = count
    assert bins_for(array, 5) == bins


def test_a_seed_is_another_sample():
    texts = [str(n).encode() for n in range(200)]
    samples = [set(sample_of(texts, 50, seed)) for seed in (0, 1, -1, 2**64 + 1)]
    assert samples[1] == samples[3]
    assert all(10 < len(samples[0] & other) < 40 or other == samples[0] for other in samples)
    assert samples[0] != samples[1] != samples[2]


def test_a_large_part_is_cut():
    texts = [str(n).encode() for n in range(5000)]
    random.Random(0).shuffle(texts)
    bins = bins_for(counts_by_bin(marked(pa.array(texts), 0)), 100)
    assert 100 <= len(marked(pa.array(texts), 0, bins)) < 110
