"""Word indexes: escaping, the mapping, and the files."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from word_blocks import tsv_of

from preprocess.artifact.word_index import Word, WordIndex
from preprocess.core.errors import ArtifactError
from preprocess.core.escaping import escape, unescape

TOKENS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)

# Each character that a line can't hold, beside look-alikes of its escape.
AWKWARD = [
    "\n",
    "\r",
    "\t",
    "\\",
    "\\n",
    "\\\\n",
    "",
    " ",
    "\u2028",
    "\x85",
    "\x00",
    "語",
    "👩‍👩‍👧",
]


@pytest.mark.parametrize(
    ("token", "line"),
    [
        ("the", "the"),
        ("a\tb", "a\\tb"),
        ("\n", "\\n"),
        ("\r\n", "\\r\\n"),
        ("\\", "\\\\"),
        ("\\n", "\\\\n"),
        ("\\\n", "\\\\\\n"),
    ],
)
def test_escape_literals(token: str, line: str) -> None:
    assert escape(token) == line
    assert unescape(line) == token


@given(TOKENS)
def test_escape_round_trip(token: str) -> None:
    line = escape(token)
    assert not set(line) & set("\n\r\t")
    assert unescape(line) == token


@given(TOKENS, TOKENS)
def test_escapes_of_different_tokens_differ(first: str, second: str) -> None:
    assert (escape(first) == escape(second)) == (first == second)


@pytest.fixture
def words() -> WordIndex:
    return WordIndex([Word("the", 2, 7), Word("cat", 3, 3), Word("Katze", 4, 3)])


def test_is_a_mapping(words: WordIndex) -> None:
    assert isinstance(words, Mapping)
    assert dict(words) == {"the": 2, "cat": 3, "Katze": 4}
    assert words == {"the": 2, "cat": 3, "Katze": 4}
    assert list(words) == ["the", "cat", "Katze"]
    assert len(words) == 3
    assert "cat" in words
    assert "dog" not in words
    assert words.get("dog", 1) == 1
    with pytest.raises(KeyError):
        words["dog"]


def test_words_and_counts(words: WordIndex) -> None:
    assert words.word(3) == "cat"
    assert [words.word(i) for i in (0, 1, 99, -1)] == [None] * 4
    assert words.count("the") == 7
    assert words.count("dog") == 0


def test_by_count() -> None:
    counts = {"[b]": 9, "a": 2, "b": 7, "c": 2, "d": 7}
    words = WordIndex(Word(token, id, n) for id, (token, n) in enumerate(counts.items(), 2))
    assert words.by_count() == ["[b]", "b", "d", "a", "c"]
    assert words.by_count(1) == ["b", "d", "a", "c"]


def test_decode(words: WordIndex) -> None:
    assert words.decode([2, 3, 0, 0]) == ["the", "cat"]
    assert words.decode([0, 0, 4]) == ["Katze"]
    assert words.decode([2, 1, 99], oov="?") == ["the", "?", "?"]
    assert words.decode([1]) == ["[OOV]"]
    assert words.decode([]) == words.decode([0]) == []


def test_pickles(words: WordIndex) -> None:
    copy = pickle.loads(pickle.dumps(words))
    assert copy == words
    assert copy.decode([3]) == ["cat"]


def _write(path: Path, words: list[Word]) -> str:
    path.write_text(tsv_of(words), encoding="utf-8", newline="\n")
    return str(path)


def test_tsv_literal() -> None:
    text = tsv_of([Word("the", 1, 12), Word("a\tb", 2, 3)])
    assert text == "the\t1\t12\na\\tb\t2\t3\n"


def test_tsv_round_trip_of_awkward_tokens(tmp_path: Path) -> None:
    words = [Word(token, number, 100 - number) for number, token in enumerate(AWKWARD, 1)]
    read = WordIndex.read(_write(tmp_path / "words.tsv", words))
    assert list(read.items()) == [(word.token, word.id) for word in words]
    assert [read.count(word.token) for word in words] == [word.count for word in words]


@given(tokens=st.lists(TOKENS, unique=True, max_size=20))
def test_tsv_round_trip(tmp_path_factory: pytest.TempPathFactory, tokens: list[str]) -> None:
    words = [Word(token, number, 1) for number, token in enumerate(tokens, 1)]
    read = WordIndex.read(_write(tmp_path_factory.mktemp("words") / "words.tsv", words))
    assert list(read.items()) == [(word.token, word.id) for word in words]


def test_empty_vocabulary(tmp_path: Path) -> None:
    assert len(WordIndex.read(_write(tmp_path / "words.tsv", []))) == 0


def test_last_line_without_newline(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_bytes(b"the\t1\t7\ncat\t2\t3")
    assert dict(WordIndex.read(str(path))) == {"the": 1, "cat": 2}


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        (b"the\t1\t7\ncat\t2\n", r"words\.tsv:2: got 'cat\\t2', expected token, id and count"),
        (b"the\t1\t7\n\ncat\t2\t3\n", r"words\.tsv:2: got ''"),
        (b"the\tone\t7\n", r"words\.tsv:1: got"),
        (b"a\tb\t1\t7\n", r"words\.tsv:1: got"),
        (b"the\t1\t7\n\xff\t2\t3\n", r"words\.tsv: cannot be read"),
        (b"the\t1\t7\nthe\t2\t3\n", r"words\.tsv: got a token or an id twice"),
        (b"the\t1\t7\ncat\t1\t3\n", r"words\.tsv: got a token or an id twice"),
    ],
)
def test_damaged_file(tmp_path: Path, damaged: bytes, expected: str) -> None:
    path = tmp_path / "words.tsv"
    path.write_bytes(damaged)
    with pytest.raises(ArtifactError, match=expected) as raised:
        WordIndex.read(str(path))
    assert "run `text2seq build` again" in str(raised.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(
        ArtifactError, match=r"none\.tsv: cannot be read.*run `text2seq build` again"
    ):
        WordIndex.read(str(tmp_path / "none.tsv"))
