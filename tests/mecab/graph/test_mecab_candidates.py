"""Candidates of the trie and of unknown words."""

from types import SimpleNamespace

import pytest
import tensorflow as tf

from preprocess.mecab.graph.ragged import places
from preprocess.mecab.graph.tables import Tables
from preprocess.mecab.graph.text_characters import Properties, decode
from preprocess.mecab.graph.trie import common_prefixes
from preprocess.mecab.graph.unknown import unknown_words

KANJI, KATAKANA, BOTH = 1, 2, 3


@pytest.fixture(scope="module")
def tables(ipadic):
    return Tables(ipadic, base_form=False, drop=())


def words_at(tables, texts):
    """(text, begin, end) of all words of the dictionary, places counted in the text."""
    characters = decode(tf.constant(texts))
    found = common_prefixes(characters, places(~characters.is_end), tables)
    starts = characters.starts.numpy()
    of_text = (found.begin.numpy()[:, None] >= starts).sum(1) - 1
    begin, end = found.begin.numpy() - starts[of_text], found.end.numpy() - starts[of_text]
    return sorted(zip(of_text.tolist(), begin.tolist(), end.tolist(), strict=True))


def test_common_prefixes(tables):
    assert words_at(tables, ["東京都庁", "", "x東"]) == [
        (0, 0, 1),  # 東
        (0, 0, 2),  # 東京
        (0, 1, 2),  # 京
        (0, 1, 3),  # 京都
        (0, 2, 3),  # 都
        (0, 2, 4),  # 都庁
        (0, 3, 4),  # 庁
        (2, 1, 2),  # x is no word
    ]


def test_values_of_words(tables, ipadic):
    characters = decode(tf.constant(["都庁"]))
    found = common_prefixes(characters, tf.constant([0]), tables)
    expected = [ipadic.trie.value(word.encode()) for word in ("都", "都庁")]
    assert found.value.numpy().tolist() == expected


def test_no_words(tables):
    assert words_at(tables, ["😀\uffff", ""]) == []


def test_words_beyond_the_basic_plane():
    """The trie is walked from its root: a key of four bytes and one that follows them."""
    key = "😀a".encode()
    base, check = [1], [0]
    base += [0] * 400
    check += [-1] * 400
    state = 1
    for code in key:  # each state is one more than the last unit
        unit = state + code + 1
        following = max(state + 257, unit + 1) - 255 if state > 1 else 2
        base[unit], check[unit] = following, state
        state = following
    base[state], check[state] = -(256 * 5 + 1) - 1, state
    units = (tf.constant(base, tf.int64) * 2**32) + tf.constant(check, tf.int64) % 2**32
    tables = SimpleNamespace(units=units, first_states=tf.zeros([0x10000], tf.int32))
    found = common_prefixes(decode(tf.constant(["😀ab"])), tf.constant([0, 1, 2]), tables)
    assert [array.numpy().tolist() for array in found] == [[0], [2], [256 * 5 + 1]]


def unknown(types, *, known=(), group=True, length=0, invoke=True, limits=(24, 2)):
    """(begin, end) of the unknown words of one text without blanks."""
    count = len(types)
    types = tf.constant([*types, 0])
    place = tf.range(count + 1)
    properties = Properties(
        types=types,
        category=tf.zeros_like(types),
        length=tf.where(place < count, length, 0),
        group=(place < count) & group,
        invoke=(place < count) & invoke,
    )
    breaks = [i for i in range(count) if not types[i] & types[i + 1]] + [count]
    ends = tf.constant([next(b for b in breaks if b >= i) + 1 for i in range(count + 1)])
    is_known = tf.constant([i in known for i in range(count + 1)])
    words = tf.constant([256 * 7 + 2])
    found = unknown_words(properties, place < count, is_known, ends, words, limits)
    assert set(found.value.numpy().tolist()) <= {256 * 7 + 2}
    return sorted(zip(found.begin.numpy().tolist(), found.end.numpy().tolist(), strict=True))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [(0, 3), (1, 3), (2, 3)]),
        ({"group": False}, [(0, 1), (1, 2), (2, 3)]),
        ({"group": False, "known": [0]}, [(1, 2), (2, 3)]),
        ({"group": False, "length": 2}, [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]),
        ({"length": 2}, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]),
        ({"invoke": False, "known": [0, 1]}, [(2, 3)]),
        # A group that is too long makes no word, nor does the same length.
        ({"limits": (1, 2), "length": 2}, [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]),
        ({"limits": (1, 2)}, [(0, 1), (1, 3), (2, 3)]),
    ],
)
def test_unknown_words(options, expected):
    assert unknown([KANJI, KANJI, KANJI], **options) == expected


def test_length_is_related_to_the_first_character():
    found = unknown([KANJI, BOTH, KATAKANA], group=False, length=3, limits=(24, 3))
    assert found == [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]
