"""Blocks of words: byte for byte what a line and a JSON member of each word would be."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from word_blocks import block_of

from preprocess.artifact.word_block import JSON_BEGIN, JSON_BETWEEN, JSON_END, lines
from preprocess.artifact.word_index import Word
from preprocess.core.escaping import escape

TOKENS = st.text(
    st.sampled_from('ab\\"\n\r\t\0\x1f\x7f\x85\u2028語é😀')
    | st.characters(exclude_categories=["Cs"]),
    max_size=8,
)
WORDS = st.lists(st.tuples(TOKENS, st.integers(0, 2**62)), max_size=20, unique_by=lambda w: w[0])


def _words(pairs: list[tuple[str, int]], first: int) -> list[Word]:
    return [Word(token, number, count) for number, (token, count) in enumerate(pairs, first)]


@given(WORDS, st.integers(0, 10**7))
def test_tsv_is_a_line_for_each_word(pairs, first) -> None:
    words = _words(pairs, first)
    expected = "".join(f"{escape(w.token)}\t{w.id}\t{w.count}\n" for w in words)
    assert block_of(words).tsv().decode() == expected


@given(WORDS, st.integers(0, 20))
def test_blocks_join_to_what_json_dumps_writes(pairs, cut) -> None:
    words = _words(pairs, 1)
    parts = [part for part in (words[:cut], words[cut:]) if part]
    text = JSON_BEGIN + JSON_BETWEEN.join(block_of(part).json() for part in parts) + JSON_END
    ids = {word.token: word.id for word in words}
    assert text.decode() == json.dumps(ids, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("start", [0, 1, 3])
def test_a_slice_is_only_its_words(start: int) -> None:
    texts = pa.array(["a", "b", "c"]).slice(start)
    assert lines(texts) == b"a\nb\nc\n"[2 * start :]
