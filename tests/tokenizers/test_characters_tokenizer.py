"""Oracle: a Python string is a sequence of code points."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.tokenizers import Characters


def test_every_character(tokens, all_characters):
    assert tokens(Characters(), ["".join(all_characters)]) == [all_characters]


@settings(max_examples=20)
@given(st.lists(st.text(), max_size=60))
def test_any_text(tokens, texts):
    assert tokens(Characters(), texts) == [list(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a b\n", ["a", " ", "b", "\n"]),
        ("日本", ["日", "本"]),
        ("e\u0301👍🏽\0", ["e", "\u0301", "👍", "🏽", "\0"]),
        ("\ufeffa", ["\ufeff", "a"]),
        (b"a\xff\xe3\x81b", ["a", "\ufffd", "\ufffd", "b"]),
    ],
)
def test_literals(tokens, text, expected):
    assert tokens(Characters(), [text]) == [expected]
