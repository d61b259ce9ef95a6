"""Oracles: `unicodedata`, `html` and `html.parser` of Python's library."""

import html
import sys
import unicodedata
from html.parser import HTMLParser

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.core.errors import UsageError
from preprocess.tokenizers import Keras, Whitespace
from preprocess.tokenizers.normalize import normalize


def normalized(texts, *names):
    batch = tf.constant(list(texts), tf.string)
    return [text.decode() for text in normalize(batch, names).numpy()]


def without_accents(text):
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def is_known(character):
    return unicodedata.category(character) != "Cn"


def test_every_character_as_unicodedata(all_characters):
    # tensorflow-text has a newer Unicode than Python.
    known = list(filter(is_known, all_characters))
    assert normalized(known, "strip_accents") == [without_accents(c) for c in known]
    assert normalized(known, "nfkc") == [unicodedata.normalize("NFKC", c) for c in known]


@settings(max_examples=15)
@given(st.lists(st.text().filter(lambda text: all(map(is_known, text))), max_size=60))
def test_any_text_as_unicodedata(texts):
    assert normalized(texts, "strip_accents") == [without_accents(text) for text in texts]
    assert normalized(texts, "nfkc") == [unicodedata.normalize("NFKC", text) for text in texts]


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        ((), "É ﬁ <b>", "É ﬁ <b>"),
        (("nfkc",), "ﬁ Ａ ｶﾞ \ue000", "fi A ガ \ue000"),
        (("lower",), "A\0É", "a\0é"),
        (("strip_accents",), "Crème Brûlée が Й", "Creme Brulee か И"),
        (("nfkc", "lower"), "Ａℌ", "ah"),
        (("lower", "nfkc"), "Ａℌ", "aH"),
        (("strip_html", "lower"), "<B>X</B>", " x "),
    ],
)
def test_order_and_literals(names, text, expected):
    assert normalized([text], *names) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("good<br /><br />film", "good  film"),
        ("a < b > c, I <3 you, x<1", "a < b > c, I <3 you, x<1"),
        ("<p class='a>b' id=\"c>d\">x</p>", " x "),
        ("<b don't>it's</b>", " it's "),
        ("<a\nhref=x\n>y</a >", " y "),
        ("x<!-- <b>\n-- -->y<!---->z", "x y z"),
        ("<!DOCTYPE html><?xml version='1'?>x", "  x"),
        ("<script>if (a<b) {}</script>x<STYLE t='1'>p {}</STYLE >y", " x y"),
        ("<scripted>x", " x"),
        ("&amp;lt; &lt;b&gt; &quot;&#39;&apos;&#x27;&hellip;", "&lt; <b> \"'''…"),
        ("a&nbsp;b&#160;c &copy; &unknown; & &;", "a b c &copy; &unknown; & &;"),
        ("\0<i>\0</i>😀", "\0 \0 😀"),
    ],
)
def test_strip_html(text, expected):
    assert normalized([text], "strip_html") == [expected]


class Words(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.words = []
        self.feed(page)
        self.close()

    def handle_data(self, data):
        self.words += data.split()


@settings(max_examples=20)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<br/>", '<a href="x>y">', "<!-- a -->", "word", "é", "1 < 2", "\n"]
        ),
        max_size=40,
    )
)
def test_strip_html_as_the_parser_of_python(parts):
    page = " ".join(parts)
    assert normalized([page], "strip_html")[0].split() == Words(page).words


@pytest.mark.parametrize(
    "entity",
    ["lt", "gt", "quot", "apos", "lsquo", "rdquo", "mdash", "hellip", "amp", "#60", "#x27"],
)
def test_entities_as_python(entity):
    assert normalized([f"a&{entity};b"], "strip_html") == [html.unescape(f"a&{entity};b")]


@pytest.mark.parametrize("name", ["nfkc", "strip_accents"])
def test_says_how_to_install_tensorflow_text(monkeypatch, name):
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    with pytest.raises(UsageError, match=r"pip install 'text2seq\[text\]'"):
        normalize(tf.constant(["x"]), [name])
    with pytest.raises(UsageError):
        Keras(normalize=[name]).check()


@pytest.mark.parametrize(
    ("names", "libraries"),
    [([], []), (["lower", "strip_html"], []), (["lower", "nfkc"], ["tensorflow_text"])],
)
def test_op_libraries(names, libraries):
    assert Keras(normalize=names).op_libraries == libraries


def test_tokenizers_normalize_first(tokens):
    tokenizer = Whitespace(normalize=["strip_html", "nfkc", "strip_accents", "lower"])
    assert tokens(tokenizer, ["<p>É<br>Ａ</p>"]) == [["e", "a"]]
