"""Bytes to characters, their properties, blanks and runs."""

import pytest
import tensorflow as tf

from preprocess.mecab.graph.blanks import run_ends, skip_blanks
from preprocess.mecab.graph.text_characters import decode, look_up

BLANK, KANJI, OTHER = 2, 4, 8


def test_decode():
    characters = decode(tf.constant(["aé", "", "日😀"]))
    assert characters.code.numpy().tolist() == [0x61, 0xE9, 0, 0, 0x65E5, 0x1F600, 0]
    assert characters.begin.numpy().tolist() == [0, 1, 3, 4, 5, 8, 12]
    assert characters.of_byte.numpy().tolist() == [0, 1, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 6]
    assert characters.is_end.numpy().tolist() == [False, False, True, True, False, False, True]
    assert characters.starts.numpy().tolist() == [0, 3, 4]
    assert characters.ends.numpy().tolist() == [2, 3, 6]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (b"a\0b", [0x61]),
        (b"\xff", [0xFFFD]),
        (b"\xe3\x81", [0xFFFD]),
        (b"\xed\xa0\x80", [0xFFFD] * 3),
        ("\uffff\ue000\U0010ffff".encode(), [0xFFFF, 0xE000, 0x10FFFF]),
    ],
)
def test_odd_bytes(text, codes):
    assert decode(tf.constant([text])).code.numpy().tolist() == [*codes, 0]


def test_properties(ipadic):
    characters = decode(tf.constant(["漢a \uffff😀"]))
    found = look_up(characters, tf.constant(ipadic.characters.packed.view("int32")))
    names = [ipadic.characters.categories[c] for c in found.category.numpy()[:3]]
    assert names == ["KANJI", "ALPHA", "SPACE"]
    assert found.length.numpy().tolist()[:3] == [2, 0, 0]
    assert found.group.numpy().tolist()[:3] == [False, True, True]
    assert found.invoke.numpy().tolist()[:3] == [False, True, False]
    assert found.types.numpy()[3] == found.types.numpy()[5] == 0  # U+FFFF, the end
    nul = ipadic.characters.types[0]
    assert found.types.numpy()[4] == nul


def test_skip_blanks():
    types = tf.constant([BLANK, KANJI, BLANK, BLANK, 0, BLANK, 0])
    assert skip_blanks(types, BLANK).numpy().tolist() == [1, 1, 4, 4, 4, 6, 6]


def test_runs_are_pairwise():
    both = KANJI | OTHER
    types = tf.constant([KANJI, both, OTHER, KANJI, 0, OTHER, 0])
    assert run_ends(types).numpy().tolist() == [3, 3, 3, 4, 5, 6, 7]
