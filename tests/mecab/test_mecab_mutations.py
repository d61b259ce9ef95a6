"""The comparison finds small mistakes: without these, equality would prove little."""

import dataclasses
import random

import numpy as np
import pytest
from odd_texts import framed, random_texts, segmented

from preprocess.mecab.graph import Segmenter, lattice
from preprocess.mecab.graph.ragged import pack

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def texts(ipadic):
    words = random.Random(1).sample(ipadic.surfaces(), 3000)
    return random_texts(3000, seed=2, words=words) + framed(words[:1000])


@pytest.fixture(scope="module")
def expected(native, texts):
    return native.tokens(texts)


def differences(dictionary, texts, expected) -> int:
    segmenter = Segmenter(dictionary)
    found = segmented(segmenter.segment, texts)
    return sum(ours != theirs for ours, theirs in zip(found, expected, strict=True))


def test_none_without_mutation(ipadic, texts, expected):
    assert differences(ipadic, texts, expected) == 0


def test_ties_reversed(ipadic, texts, expected, monkeypatch):
    longest = 4095
    monkeypatch.setattr(
        lattice,
        "order_by_end",
        lambda ends, lengths: lattice.sorted_by(pack(ends, longest - lengths, 12)),
    )
    assert differences(ipadic, texts, expected) > 0


@pytest.mark.parametrize("limit", [23, 25])
def test_group_limit_off_by_one(ipadic, texts, expected, limit):
    assert differences(dataclasses.replace(ipadic, max_grouping=limit), texts, expected) > 0


def altered(costs):
    """One cost in a thousand made cheaper by 2,000: most are of words that are never chosen."""
    chosen = np.random.default_rng(0).choice(len(costs), len(costs) // 1000, replace=False)
    costs = costs.copy()
    costs[chosen] = np.maximum(costs[chosen].astype(np.int32) - 2000, -32768)
    return costs


def test_one_word_cost_in_a_thousand(ipadic, texts, expected):
    words = dataclasses.replace(ipadic.words, cost=altered(ipadic.words.cost))
    assert differences(dataclasses.replace(ipadic, words=words), texts, expected) > 0


def test_one_connection_cost_in_a_thousand(ipadic, texts, expected):
    connector = dataclasses.replace(ipadic.connector, costs=altered(ipadic.connector.costs))
    assert differences(dataclasses.replace(ipadic, connector=connector), texts, expected) > 0
