"""Counting and merging in runs: what a plain Counter finds, however little fits into memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_jobs.analysis import token_counter, token_runs, vocabulary_parts
from beam_jobs.analysis.token_counter import TokenCounters
from beam_jobs.analysis.token_counts import table_of
from beam_jobs.analysis.token_hash import hashes
from beam_jobs.analysis.token_runs import ByCount, ByHash, Run, first_rows, merged, write_run
from beam_jobs.analysis.vocabulary_files import write_vocabulary
from beam_jobs.analysis.vocabulary_parts import VocabularyPart, vocabulary_part
from beam_jobs.runtime.packing import unpack
from beam_jobs.runtime.spill import Spill
from preprocess.artifact.layout import Layout
from preprocess.core.escaping import escape
from preprocess.spec import Vocabulary

# Few letters, so that counts tie; bytes whose order is not that of Python's text; a long token.
LETTERS = ["a", "b", "B", "é", "z", "\uffee", "𐀀", "\n", "[M]", "", '"', "x" * 1_500]
TOKENS = st.one_of(st.sampled_from(LETTERS), st.integers(0, 60).map(str)).map(str.encode)
BATCHES = st.lists(st.lists(TOKENS, max_size=12), max_size=16)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so small that all is spilled, block by block, and merged in steps."""
    monkeypatch.setattr(token_counter, "_HELD_BYTES", 600)
    monkeypatch.setattr(token_counter, "_MERGED_BYTES", 100)
    monkeypatch.setattr(token_runs, "_BLOCK_ROWS", 3)
    monkeypatch.setattr(token_runs, "_BLOCK_BYTES", 40)
    monkeypatch.setattr(token_runs, "_FAN_IN", 2)
    monkeypatch.setattr(vocabulary_parts, "_SORTED_BYTES", 150)


@pytest.fixture
def collide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of three values, which nearly all tokens share with others."""

    def few(tokens: pa.Array) -> np.ndarray:
        return hashes(tokens) >> np.uint64(62) << np.uint64(62)

    monkeypatch.setattr(token_runs, "hashes", few)
    monkeypatch.setattr(token_counter, "hashes", few)


def _tables(batches: Sequence[Sequence[bytes]], first_seen: bool) -> Iterator[pa.Table]:
    """The table of each batch, whose tokens are one row."""
    for row, tokens in enumerate(batches):
        counts = Counter(tokens)
        firsts = None
        if first_seen:
            places = [tokens.index(token) for token in counts]
            firsts = np.full(len(counts), row), np.array(places, np.int64)
        array = pa.array(list(counts), pa.binary())
        yield table_of(array, np.array(list(counts.values()), np.int64), firsts)


def _runs(
    batches: Sequence[Sequence[bytes]], first_seen: bool, parts: int, folder: str
) -> dict[tuple[str, int], list[Run]]:
    counters, found = TokenCounters(folder, parts), defaultdict(list)
    for table in _tables(batches, first_seen):
        for key, run in counters.add("words", table):
            found[key].append(run)
    for key, run in counters.close():
        found[key].append(run)
    return found


def _parts(
    batches: Sequence[Sequence[bytes]], vocabulary: Vocabulary, parts: int, folder: str
) -> list[VocabularyPart]:
    runs = _runs(batches, vocabulary.ties == "first_seen", parts, folder)
    with closing(Spill(folder)) as spill:
        return [
            vocabulary_part(merged(of_part, ByHash(), folder), vocabulary, spill)
            for of_part in runs.values()
        ]


def _expected(batches: Sequence[Sequence[bytes]], vocabulary: Vocabulary) -> list[tuple[str, int]]:
    """Reserved tokens, then words, and their counts."""
    counts = Counter(token for batch in batches for token in batch)  # in order of occurrence
    reserved = [token.encode() for token in vocabulary.reserved_tokens]
    words = list(counts) if vocabulary.ties == "first_seen" else sorted(counts)
    kept = [w for w in words if counts[w] >= vocabulary.min_count and w not in reserved]
    kept = sorted(kept, key=lambda word: -counts[word])[: vocabulary.max_size]
    return [(word.decode(), counts[word]) for word in [*reserved, *kept]]


@given(
    batches=BATCHES,
    ties=st.sampled_from(["bytes", "first_seen"]),
    max_size=st.none() | st.integers(1, 30),
    min_count=st.integers(1, 3),
    reserved=st.sampled_from([[], ["[M]"], ["a", "nowhere"]]),
    parts=st.integers(1, 5),
)
@settings(max_examples=60)
def test_files_hold_what_a_counter_finds(
    tmp_path_factory, batches, ties, max_size, min_count, reserved, parts
) -> None:
    vocabulary = Vocabulary(
        ties=ties, max_size=max_size, min_count=min_count, reserved_tokens=reserved
    )
    layout = Layout(str(tmp_path_factory.mktemp("artifact")))
    found = _parts(batches, vocabulary, parts, layout.workspace)
    asset = write_vocabulary("words", found, vocabulary, layout)
    words = _expected(batches, vocabulary)
    assert asset.counted == sum(map(len, batches))
    assert Path(layout.words_tsv("words")).read_bytes().decode() == "".join(
        f"{escape(word)}\t{number}\t{count}\n" for number, (word, count) in enumerate(words, 2)
    )
    keys = [escape(word) or r"\<empty token>" for word, _ in words]
    assert Path(asset.path).read_bytes().decode().split("\n") == [r"\<text2seq>", *keys, ""]


@given(BATCHES, st.sampled_from([False, True]))
@settings(max_examples=30)
@pytest.mark.usefixtures("collide")
def test_tokens_of_one_hash_are_kept_apart(tmp_path_factory, batches, first_seen) -> None:
    folder = str(tmp_path_factory.mktemp("runs"))
    [*runs] = _runs(batches, first_seen, 1, folder).values() or [[]]
    tables = list(merged(runs[0], ByHash(), folder))
    found = [pair for table in tables for pair in _pairs(table)]
    expected = Counter(token for batch in batches for token in batch)
    assert sorted(found) == sorted(expected.items())


def _pairs(table: pa.Table) -> list[tuple[bytes, int]]:
    return list(zip(table["token"].to_pylist(), table["count"].to_pylist(), strict=True))


def _words(count: int) -> list[bytes]:
    return [f"word {n}".encode() for n in range(count)]


def test_a_long_tail_is_spilled_in_small_blocks(tmp_path: Path) -> None:
    batches = [[word, b"the"] for word in _words(200)]
    found = _runs(batches, True, 4, str(tmp_path))
    assert set(found) == {("words", part) for part in range(4)}
    assert min(len(runs) for runs in found.values()) > 4
    blocks = [unpack(b.read()) for runs in found.values() for run in runs for b in run]
    assert max(map(len, blocks)) <= 3
    assert sum(len(block) for block in blocks) < 2 * 200  # `the` is no row for each word


def test_vocabularies_share_the_bound(tmp_path: Path) -> None:
    counters = TokenCounters(str(tmp_path), 1)
    tables = _tables([[word] for word in _words(400)], False)
    spilled = [
        key for n, table in enumerate(tables) for key, _ in counters.add(f"words {n % 40}", table)
    ]
    left = [key for key, _ in counters.close()]
    assert len({*spilled, *left}) == 40
    assert len(left) < 40 < len(spilled)  # of any 40 tables in a row, some had to go


def test_nothing_is_written_of_what_counts_nothing(tmp_path: Path) -> None:
    counters = TokenCounters(str(tmp_path / "runs"), 2)
    assert [*counters.add("words", next(_tables([[]], True))), *counters.close()] == []
    assert list(merged([], ByHash(), str(tmp_path))) == []
    assert list(tmp_path.iterdir()) == []


def test_runs_by_count_are_merged_in_order(tmp_path: Path) -> None:
    counts = {word: 1 + n * n % 7 for n, word in enumerate(_words(60))}
    order = ByCount()
    with closing(Spill(str(tmp_path))) as spill:
        runs = [
            write_run([order.arranged(list(_tables([tokens], False)))], order, spill)
            for tokens in ([w for w in words for _ in range(counts[w])] for words in _thirds())
        ]
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    tables = list(merged(runs, order, str(tmp_path)))
    assert len(tables) > 10
    assert [pair for table in tables for pair in _pairs(table)] == expected
    first = first_rows(merged(runs, order, str(tmp_path)), 7)
    assert [pair for table in first for pair in _pairs(table)] == expected[:7]


def _thirds() -> list[list[bytes]]:
    return [_words(60)[start::3] for start in range(3)]


def test_a_block_holds_one_token_at_least(tmp_path: Path) -> None:
    tokens = [b"a" * 100, b"b" * 10, b"c" * 10, b"d" * 100]
    with closing(Spill(str(tmp_path))) as spill:
        run = write_run(_tables([tokens], False), ByCount(), spill)
    assert [unpack(block.read())["token"].to_pylist() for block in run] == [
        [b"a" * 100],
        [b"b" * 10, b"c" * 10],
        [b"d" * 100],
    ]
