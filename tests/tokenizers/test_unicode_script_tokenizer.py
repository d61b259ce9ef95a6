"""Oracle: tensorflow-text's tokenizer of the same name."""

import pytest
import tensorflow as tf
import tensorflow_text as tf_text
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.tokenizers import UnicodeScript

UNKNOWN = 103  # USCRIPT_UNKNOWN

# Of the script Common in core TensorFlow's ICU, and of another in the newer one of tensorflow-text.
MOVED = "\U00016fe2\U00016fe3"


def known(characters):
    """Those whose script is the same in core TensorFlow's ICU and that of tensorflow-text."""
    codes = tf.constant([ord(c) for c in characters], tf.int32)
    scripts = tf.strings.unicode_script(codes).numpy()
    return [c for c, s in zip(characters, scripts, strict=True) if s != UNKNOWN and c not in MOVED]


def oracle(texts):
    ragged = tf_text.UnicodeScriptTokenizer().tokenize(tf.constant(list(texts), tf.string))
    return [[token.decode() for token in row] for row in ragged.to_list()]


@pytest.mark.parametrize("frame", ["{}", "a{}a", "1{} 1", "\u0301{}あ"])
def test_every_known_character(tokens, all_characters, frame):
    texts = [frame.format(character) for character in known(all_characters)]
    assert tokens(UnicodeScript(), texts) == oracle(texts)


@settings(max_examples=20)
@given(st.lists(st.text() | st.text("ab1 .\n　\0\u0301あアー漢éд\u200d"), max_size=60))
def test_any_text(tokens, texts):
    texts = ["".join(known(text)) for text in texts]
    assert tokens(UnicodeScript(), texts) == oracle(texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n　", []),
        ("Hello, World!", ["Hello", ",", "World", "!"]),
        ("a. 1 2", ["a", ".12"]),
        ("xy12z", ["xy", "12", "z"]),
        ("累計7239人", ["累計", "7239", "人"]),
        ("東京タワーへ", ["東京", "タワ", "ー", "へ"]),
        ("e\u0301a", ["e", "\u0301", "a"]),
        ("Привет😀мир", ["Привет", "😀", "мир"]),
        ("a\0b", ["a", "\0", "b"]),
    ],
)
def test_literals(tokens, text, expected):
    assert tokens(UnicodeScript(), [text]) == [expected] == oracle([text])


def test_invalid_utf8(tokens):
    assert tokens(UnicodeScript(), [b"a\xffb"]) == [["a", "\ufffd", "b"]]
