"""`strip_html` against its rules as Python's `re` reads them, one after the other."""

from __future__ import annotations

import re

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.tokenizers.html import strip_html

FLAGS = re.ASCII | re.IGNORECASE | re.DOTALL
UNSEEN = re.compile(
    r"<!--.*?-->|<script\b.*?</script[\t\n\f\r ]*>|<style\b.*?</style[\t\n\f\r ]*>", FLAGS
)
TAG = re.compile(r"""</?[A-Za-z](?:(?:[^<>"']|"[^"]*"|'[^']*')*|[^<>]*)>|<[!?][^<>]*>""", re.ASCII)
ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}


def expected(text: str) -> str:
    """What each pattern leaves, searched from left to right."""
    text = TAG.sub(" ", UNSEEN.sub(" ", text))
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    return text


def stripped(texts: list[bytes | str]) -> list[bytes]:
    return strip_html(tf.constant(texts, tf.string)).numpy().tolist()


# Marks that the code makes are characters of a text, too.
TAGS = ["<!--", "-->", "<script", "</script", "</script\t>", "<STYLE>", "<style", "</style>"]
MARKS = ["\U0010ffff", "\U0010ffff0", "\U0010ffff1"]
PIECES = st.sampled_from([*"<>!-/\"' abé\n&;?01", *TAGS, *MARKS, "<b>", "&lt;"])


@settings(max_examples=300)
@given(st.lists(st.lists(PIECES, max_size=14).map("".join), max_size=12))
def test_as_python_reads_the_rules(texts: list[str]) -> None:
    assert [text.decode() for text in stripped(texts)] == [expected(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "<!--<style></style>" * 300,
        "<script><!---->" * 300,
        "<style><script></script><!--" * 300,
        "a<!-->b" * 300,
        "<!--" * 300 + "<b>",
        "<script " * 300 + "</script" * 300,
    ],
)
def test_many_that_never_close(text: str) -> None:
    assert stripped([text, "x"]) == [expected(text).encode(), b"x"]


def test_bytes_that_are_no_utf8_end_a_comment() -> None:
    assert stripped([b"<!-- a \xff -->", b"<!-- a --> \xff <!-- <b>"]) == [
        b"<!-- a \xff -->",
        b"  \xff <!--  ",
    ]
