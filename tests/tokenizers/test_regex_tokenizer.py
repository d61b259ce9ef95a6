"""Oracle: Python's `re`, for patterns that mean the same in both."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from preprocess.core.errors import SpecError
from preprocess.spec import parse_spec
from preprocess.tokenizers import Regex

PATTERNS = [
    r"[^a-z]+",
    r"a|ab|b+",
    r"(a)(b|\n)|(\\)",
    r"(?i)A+|é",
    r"^a|b\z",
    r"(?m)^.",
    r".+",
    r"(?s).+",
    r"\x00|\x{10ffff}",
    r"[\\.]",
    r"a+?",
    r"\ba",
]

TEXTS = st.lists(st.text() | st.text("aAbBé\n\\.\0 \U0010ffff1"), max_size=60)


def in_python(pattern):
    """The pattern in the syntax of `re`."""
    pattern = pattern.replace(r"\x{10ffff}", "\U0010ffff").replace(r"\z", r"\Z")
    return re.compile(pattern, re.ASCII if r"\b" in pattern else 0)


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=8)
@given(texts=TEXTS)
def test_keep_finds_what_python_finds(tokens, pattern, texts):
    found = [[m.group() for m in in_python(pattern).finditer(text)] for text in texts]
    assert tokens(Regex(keep=pattern), texts) == found


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=8)
@given(texts=TEXTS)
def test_split_leaves_what_python_leaves(tokens, pattern, texts):
    left = [in_python(pattern).sub("\ud800", text).split("\ud800") for text in texts]
    assert tokens(Regex(split=pattern), texts) == [[t for t in row if t] for row in left]


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ({"split": r"\s+"}, "", []),
        ({"split": r"\s+"}, " a  b\n", ["a", "b"]),
        ({"split": r"\s+"}, "日本 語", ["日本", "語"]),
        ({"split": "x"}, "xxx", []),
        ({"split": "(a)|(b)"}, "1a2b3", ["1", "2", "3"]),
        ({"keep": r"\w+"}, "", []),
        ({"keep": r"\w+"}, "no-one's", ["no", "one", "s"]),
        ({"keep": r"\p{Han}+|\p{Hiragana}+"}, "日本語です。", ["日本語", "です"]),
        ({"keep": r"(\d+)\.(\d+)"}, "1.5 and 22.75.", ["1.5", "22.75"]),
        ({"keep": r"\\\d"}, r"\0\1", [r"\0", r"\1"]),
        ({"keep": r"."}, "a\n😀e\u0301", ["a", "😀", "e", "\u0301"]),
        ({"keep": r"(?s)."}, "a\n\0", ["a", "\n", "\0"]),
        ({"keep": r"^\w"}, "ab\ncd", ["a"]),
        ({"keep": r"(?m)^\w"}, "ab\ncd", ["a", "c"]),
        ({"keep": r"\w+"}, b"\xffab \xff\xffcd", ["ab", "cd"]),
        ({"split": " "}, b"a\xff b", ["a\ufffd", "b"]),
    ],
)
def test_literals(tokens, options, text, expected):
    assert tokens(Regex(**options), [text]) == [expected]
    assert tokens(Regex(**options), ["", text, ""]) == [[], expected, []]


@pytest.mark.parametrize(
    ("tokenizer", "words"),
    [
        ("{kind: regex, split: '('}", ["tokenizer.split: got '('", "RE2 refuses", "missing )"]),
        ("{kind: regex, split: 'a)(b'}", ["RE2 refuses"]),
        ("{kind: regex, keep: '(?=a)b'}", ["tokenizer.keep:", "RE2's syntax", "lookaround"]),
        ("{kind: regex, keep: '(a)\\1'}", ["RE2 refuses", "lookaround"]),
        ("{kind: regex, keep: 'a*'}", ["'a*'", "matches the empty text", "use + in place of *"]),
        ("{kind: regex, keep: 'a|'}", ["matches the empty text"]),
        ("{kind: regex, split: ''}", ["matches the empty text"]),
        ("{kind: regex, split: '\\b'}", ["matches the empty text"]),
        ("{kind: regex, split: '(?m)$'}", ["matches the empty text"]),
        ("{kind: regex}", ["got neither split nor keep", "exactly one"]),
        ("{kind: regex, split: a, keep: b}", ["got both split and keep", "exactly one"]),
    ],
)
def test_bad_patterns_are_refused_with_the_spec(tokenizer, words):
    text = f"features: {{text: {{}}}}\nvocabularies: {{words: {{tokenizer: {tokenizer}}}}}"
    with pytest.raises(SpecError) as error:
        parse_spec(text)
    assert all(word in str(error.value) for word in words), str(error.value)


@pytest.mark.parametrize("pattern", ["a", r"a\b", "^a", r"\bab?", "(?i)x+", "x{2,}", "[^\\w]"])
def test_patterns_that_need_a_character_are_taken(pattern):
    assert Regex(keep=pattern).keep == Regex(split=pattern).split == pattern


def test_options_are_strict():
    with pytest.raises(ValidationError):
        Regex(split=b"a")
