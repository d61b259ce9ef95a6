"""Oracle: Python's `re` and `str.isspace`.

Not tensorflow-text's WhitespaceTokenizer: version 2.21 cuts a space of several bytes in two.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.tokenizers import Whitespace
from preprocess.tokenizers.whitespace import WHITE_SPACE

# Python counts these separators as whitespace, Unicode's White_Space does not.
ONLY_IN_PYTHON = "\x1c\x1d\x1e\x1f"


def test_the_list_is_that_of_unicode(all_characters):
    python = {c for c in all_characters if c.isspace()}
    assert set(WHITE_SPACE) == python - set(ONLY_IN_PYTHON)


@settings(max_examples=20)
@given(st.lists(st.text() | st.text(WHITE_SPACE + ONLY_IN_PYTHON + "ab\0あ"), max_size=60))
def test_any_text_as_python(tokens, texts):
    words = re.compile(rf"[\S{ONLY_IN_PYTHON}]+")
    assert tokens(Whitespace(), texts) == [words.findall(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n", []),
        ("Hello,  World!\r\n", ["Hello,", "World!"]),
        ("東京　大阪\u2003京都", ["東京", "大阪", "京都"]),
        ("a\x85b\xa0c\u200bd", ["a", "b", "c\u200bd"]),
        ("\0 e\u0301 👩‍👩‍👧", ["\0", "e\u0301", "👩‍👩‍👧"]),
        (b"a\xff b", ["a\\xff", "b"]),
    ],
)
def test_literals(tokens, text, expected):
    assert tokens(Whitespace(), [text]) == [expected]
