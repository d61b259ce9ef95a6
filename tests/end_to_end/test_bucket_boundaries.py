"""A build's boundaries are the best that there are for the records that it wrote."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from artifact_files import manifest_of, records_of

pytestmark = pytest.mark.slow

COUNT = 4
SPEC = """
features: {text: {%s}, title: {}}
vocabularies: {words: {%s}}
buckets: {by: text, count: 4}
output: {shards: 1}
"""
OPTIONS = {
    "unknown words dropped": ("", "oov: drop, max_size: 2"),
    "unknown words kept": ("", "oov: token, max_size: 2"),
    "dropped, then cut": ("max_length: 9, truncating: pre", "oov: drop, max_size: 2"),
    "cut": ("max_length: 21", "oov: {hash_buckets: 3}, max_size: 2"),
}


def _row(n: int) -> dict[str, str]:
    """Two frequent words and many rare ones; the share of the rare ones varies from row to row."""
    frequent = ("a", "b")[n % 2]
    words = [frequent if (n * i) % 7 < n % 5 else f"rare{n}x{i}" for i in range(n * 7 % 41)]
    return {"text": " ".join(words), "title": "a b"}


@pytest.mark.parametrize("options", OPTIONS)
def test_no_other_boundaries_leave_less_padding(build_in, options):
    artifact = build_in(SPEC % OPTIONS[options], {"rows.jsonl": [_row(n) for n in range(300)]})
    lengths = Counter(record["text_length"] for record in records_of(artifact))
    assert sum(lengths.values()) == 300 and len(lengths) > COUNT
    boundaries = manifest_of(artifact)["buckets"]["boundaries"]
    longest = max(lengths)
    # The last boundary must hold the longest record, and one between two lengths only adds padding.
    choices = combinations(sorted(set(lengths) - {0, longest}), COUNT - 1)
    best = min(_padded(lengths, (*choice, longest)) for choice in choices)
    assert _padded(lengths, boundaries) == best
    assert boundaries[-1] == longest


def _padded(lengths, boundaries):
    """Tokens of all records, each padded to the least boundary that holds it."""
    return sum(
        n * next(boundary for boundary in boundaries if boundary >= length)
        for length, n in lengths.items()
    )
