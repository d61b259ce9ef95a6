"""What is looked up from unique tokens equals what the transform graph makes of the texts."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from beam_rows import JOB, RAW, SPEC, Found, rows_of, tokenized, transformed
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_jobs.analysis import TokenizedBatch
from beam_jobs.records.sequencer import SequencedBatch, Sequencer, TokenTotals, UnknownClass

TEXTS = ["the cat sat on the mat", "The dog!", "", "[MASK] \\n cat", "..."]
WORDS = ["the", "cat", "dog", "zebra", "é", "[MASK]", "MASK", "\\n", "a\tb", "👩‍👧", "\x00"]
SENTENCES = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=7).map(" ".join)


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return Found.write(tmp_path_factory.mktemp("artifact"), TEXTS)


@pytest.fixture(scope="session")
def sequencer(found: Found) -> Sequencer:
    return Sequencer(JOB, found.by_name)


def _sequenced(sequencer: Sequencer, batch: pa.RecordBatch) -> SequencedBatch:
    return sequencer(TokenizedBatch.unpack(tokenized(batch).pack()))


def _assert_equal(sequenced: SequencedBatch, expected: dict[str, list]) -> None:
    rows = sequenced.rows.to_pydict()
    for name in (*SPEC.features, *SPEC.labels):
        assert rows[name] == expected[name], name
    for name in SPEC.text_features:
        assert [len(ids) for ids in rows[name]] == expected[f"{name}_length"]


def test_equals_the_graph(sequencer: Sequencer, found: Found) -> None:
    batch = rows_of(TEXTS)
    _assert_equal(_sequenced(sequencer, batch), transformed(batch, found))


@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_lengths_are_those_of_the_sequences(sequencer: Sequencer, texts: list[str]) -> None:
    batch = TokenizedBatch.unpack(tokenized(rows_of(texts)).pack())
    rows = sequencer(batch).rows.to_pydict()
    found = {name: lengths.tolist() for name, lengths in sequencer.lengths(batch).items()}
    assert found == {name: [len(ids) for ids in rows[name]] for name in SPEC.text_features}


def test_literal_rows(sequencer: Sequencer) -> None:
    rows = _sequenced(sequencer, rows_of(["the dog the cat the cat", "on"], ["cat", "q"])).rows
    # 0 padding, 1..2 hash buckets, 3 [MASK], then the words: the 3, cat 2, [dog mask n mat on sat]
    assert rows.column("text").to_pylist()[0] == [4, 5, 4, 5]
    assert rows.column("text").to_pylist()[1][0] in (1, 2)
    assert rows.column("title").to_pylist()[1] == []
    assert rows.column("stars").to_pylist() == [-1.25, -1.0]
    assert rows.column("topic").to_pylist() == [0, 1]
    assert rows.column("tags").to_pylist() == [[], [0]]
    assert rows.column("place").to_pylist() == [[0.0, -0.5], [1.0, -0.5]]
    assert rows.column("source").to_pylist() == [b"row 0", b"row 1"]


@settings(max_examples=40)
@given(texts=st.lists(SENTENCES, min_size=1, max_size=6), titles=st.data())
def test_equals_the_graph_on_any_text(sequencer, found, texts, titles) -> None:
    others = titles.draw(st.lists(SENTENCES, min_size=len(texts), max_size=len(texts)))
    batch = rows_of([_utf8(text) for text in texts], [_utf8(text) for text in others])
    _assert_equal(_sequenced(sequencer, batch), transformed(batch, found))


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def test_texts_without_any_token(sequencer: Sequencer, found: Found) -> None:
    batch = rows_of(["", "...", ""], ["", "", ""])
    sequenced = _sequenced(sequencer, batch)
    _assert_equal(sequenced, transformed(batch, found))
    assert sequenced.totals == {"text": TokenTotals(0, 0, 0), "title": TokenTotals(0, 0, 0)}


def test_totals_count_before_cutting(sequencer: Sequencer) -> None:
    sequenced = _sequenced(sequencer, rows_of(["the " * 6 + "zebra zebra"], ["catQ"]))
    assert sequenced.totals["text"] == TokenTotals(8, 2, 8)
    assert sequenced.totals["title"] == TokenTotals(4, 1, 3)


def _with_labels(topics: list[str], tags: list[list[str]]) -> pa.RecordBatch:
    batch = rows_of(["the"] * len(topics)).to_pydict()
    batch["topic"] = [topic.encode() for topic in topics]
    batch["tags"] = [[tag.encode() for tag in row] for row in tags]
    return pa.RecordBatch.from_pydict(batch, schema=pa.schema(list(RAW.types.items())))


def test_rows_of_an_unknown_class_are_left_out(sequencer: Sequencer) -> None:
    batch = _with_labels(["art", "war", "sport", "war"], [["a"], ["a", "?"], ["b", "!", "?"], []])
    sequenced = _sequenced(sequencer, batch)
    assert sequenced.rows.column("id").to_pylist() == [0]
    assert sequenced.unknown == [
        UnknownClass(0, 0, 1, "topic", "war"),
        UnknownClass(0, 0, 3, "topic", "war"),
        UnknownClass(0, 0, 2, "tags", "!"),
    ]


def test_a_batch_of_unknown_classes_only(sequencer: Sequencer) -> None:
    sequenced = _sequenced(sequencer, _with_labels(["war", "war"], [[], []]))
    assert sequenced.rows.num_rows == 0
    assert len(sequenced.unknown) == 2


def test_written_vocabulary(found: Found, tmp_path: Path) -> None:
    Found.write(tmp_path, TEXTS)
    assert (tmp_path / "vocabulary" / "words.tsv").read_text() == (
        "[MASK]\t3\t0\nthe\t4\t3\ncat\t5\t2\ndog\t6\t1\n"
    )
    index = json.loads((tmp_path / "vocabulary" / "words.json").read_text())
    assert index == {"[MASK]": 3, "the": 4, "cat": 5, "dog": 6}
    assert (tmp_path / "vocabulary" / "topic.classes.txt").read_text() == "art\t1\nsport\t1\n"
