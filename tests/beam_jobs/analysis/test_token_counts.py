"""Tables of tokens: merged in any way, they are the table of the whole."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.analysis.token_counts import (
    best,
    counts_of,
    first_occurrences,
    global_rows,
    merge,
    ordered,
    table_of,
)

Row = list[bytes]

# Few letters, so that counts tie; and bytes whose order is not that of Python's text.
TOKENS = st.sampled_from(["a", "b", "B", "é", "z", "\uffee", "𐀀", "\n", "[M]"]).map(str.encode)
CORPORA = st.lists(st.lists(TOKENS, max_size=6), min_size=1, max_size=12)


def _table(rows: Sequence[Row], numbers: Sequence[int], first_seen: bool) -> pa.Table:
    """The table of a batch of rows that stand at `numbers` in the input."""
    flat = [token for row in rows for token in row]
    unique = list(dict.fromkeys(flat))
    places = np.array([unique.index(token) for token in flat], np.int32)
    lengths = np.array([len(row) for row in rows], np.int64)
    firsts = None
    if first_seen:
        found, place = first_occurrences(places, lengths, len(unique))
        firsts = np.array(numbers, np.int64)[found], place
    counts = np.bincount(places, minlength=len(unique))
    return table_of(pa.array(unique, pa.binary()), counts, firsts)


def _parts(corpus: Sequence[Row], first_seen: bool, rng: random.Random) -> list[pa.Table]:
    """Tables of the corpus, in random parts, in any order; a batch keeps the input's order."""
    numbers = rng.sample(range(len(corpus)), len(corpus))
    cuts = sorted(rng.choices(range(len(corpus) + 1), k=3))
    batches = [sorted(numbers[a:b]) for a, b in zip([0, *cuts], [*cuts, None], strict=True)]
    return [_table([corpus[n] for n in batch], batch, first_seen) for batch in batches]


@given(CORPORA, st.randoms(use_true_random=False))
def test_merging_is_associative(corpus, rng) -> None:
    parts = _parts(corpus, True, rng)
    at_once = ordered(merge(parts))
    step_by_step = parts[0]
    for part in parts[1:]:
        step_by_step = merge([part, step_by_step])
    assert ordered(step_by_step).equals(at_once)


CORPUS: list[Row] = [[b"b", b"a", b"b"], [], [b"c", b"a", b"d"]]
BEST = {
    "all": (None, False, [b"a", b"b", b"c", b"d"]),
    "all, first seen": (None, True, [b"b", b"a", b"c", b"d"]),
    "more than there are": (9, False, [b"a", b"b", b"c", b"d"]),
    "a tie is cut": (3, False, [b"a", b"b", b"c"]),
    "one": (1, False, [b"a"]),
    "one, first seen": (1, True, [b"b"]),
}


@pytest.mark.parametrize(("size", "first_seen", "tokens"), BEST.values(), ids=BEST)
def test_best(size: int | None, first_seen: bool, tokens: list[bytes]) -> None:
    assert best(_table(CORPUS, range(3), first_seen), size)["token"].to_pylist() == tokens


def test_the_first_of_several_batches_counts() -> None:
    early, late = _table([[b"x", b"y"]], [3], True), _table([[b"y", b"x"]], [2], True)
    for parts in ([early, late], [late, early]):
        assert ordered(merge(parts))["token"].to_pylist() == [b"y", b"x"]


def test_place_decides_within_a_row() -> None:
    table = merge([_table([[b"y", b"x"]], [5], True), _table([[b"x", b"y"]], [6], True)])
    assert ordered(table).to_pydict() == {
        "token": [b"y", b"x"],
        "count": [2, 2],
        "row": [5, 5],
        "place": [0, 1],
    }


def test_the_first_of_two_features_of_a_row_counts() -> None:
    """Two features on one vocabulary: both tables know the row, only the place differs."""
    one = np.ones(1, np.int64)
    tables = [
        table_of(pa.array([token], pa.binary()), one, (one * 5, one * place))
        for token, place in ((b"x", 1 << 40), (b"y", 7), (b"x", 3), (b"y", (1 << 40) + 1))
    ]
    for order in (tables, tables[::-1], tables[2:] + tables[:2]):
        found = ordered(merge(order)).to_pydict()
        assert (found["token"], found["place"]) == ([b"x", b"y"], [3, 7])


@pytest.mark.parametrize("first_seen", [False, True])
def test_empty_tables(first_seen: bool) -> None:
    table = _table(CORPUS, range(3), first_seen)
    empty = table.slice(0, 0)
    assert len(merge([empty, empty])) == 0
    assert len(best(merge([empty]), 3)) == 0
    assert ordered(merge([empty, table])).equals(ordered(table))


def test_counts_of() -> None:
    table = _table(CORPUS, range(3), False)
    assert counts_of(table) == {"b": 2, "a": 2, "c": 1, "d": 1}


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=4), max_size=8))
def test_first_occurrences(rows: list[list[str]]) -> None:
    flat = [token for row in rows for token in row]
    unique = list(dict.fromkeys(flat))
    places = np.array([unique.index(token) for token in flat], np.int32)
    lengths = np.array([len(row) for row in rows], np.int64)
    found = first_occurrences(places, lengths, len(unique))
    expected = [
        next((n, row.index(token)) for n, row in enumerate(rows) if token in row)
        for token in unique
    ]
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_global_rows_follow_the_input() -> None:
    sources = np.array([1, 0, 0, 2**19 - 1], np.int32)
    rows = np.array([0, 2**44 - 1, 7, 2**44 - 1], np.int64)
    numbers = global_rows(sources, rows)
    assert numbers.tolist() == [2**44, 2**44 - 1, 7, 2**63 - 1]
    assert np.argsort(numbers).tolist() == np.lexsort((rows, sources)).tolist()


@pytest.mark.parametrize(("source", "row"), [(2**19, 0), (0, 2**44)])
def test_inputs_that_are_too_large(source: int, row: int) -> None:
    with pytest.raises(ValueError, match="got an input of over 2\\^44 bytes a file"):
        global_rows(np.array([source], np.int32), np.array([row], np.int64))
