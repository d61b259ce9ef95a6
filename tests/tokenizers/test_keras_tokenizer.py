"""Oracle: Keras' legacy preprocessing, as shipped in `tf_keras`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tf_keras.preprocessing.text import Tokenizer as LegacyTokenizer
from tf_keras.preprocessing.text import text_to_word_sequence

from preprocess.tokenizers import Keras

# Each makes the text take another way through the graph.
OPTIONS = [
    Keras(),
    Keras(lower=False),
    Keras(filters=""),
    Keras(filters="", split="　"),
    Keras(filters="、。é", split="　"),
    Keras(filters="、。,", split="　"),
    Keras(filters=".", split=","),
    Keras(filters="b.", split="ab"),
    Keras(filters=".", split="aba"),
    Keras(filters="", split="ab"),
    Keras(filters="aé\\", split="\\1"),
    Keras(filters="\0]^-[\\", split="\0"),
    Keras(filters="^-a\\d", split="-"),
]

TEXTS = st.lists(st.text() | st.text("abAB .,\\1\0]^[-、。　é\n"), max_size=60)


def oracle(tokenizer: Keras, text: str) -> list[str]:
    return text_to_word_sequence(text, tokenizer.filters, tokenizer.lower, tokenizer.split)


@pytest.mark.parametrize("tokenizer", OPTIONS, ids=lambda t: f"{t.filters!r} {t.split!r} {t.lower}")
@settings(max_examples=12)
@given(texts=TEXTS)
def test_words_equal_those_of_keras(tokens, tokenizer, texts):
    assert tokens(tokenizer, texts) == [oracle(tokenizer, text) for text in texts]


@settings(max_examples=12)
@given(texts=TEXTS)
def test_characters_equal_those_of_keras(tokens, texts):
    legacy = LegacyTokenizer(char_level=True)
    legacy.fit_on_texts(texts)
    sequences = legacy.texts_to_sequences(texts)
    words = [[legacy.index_word[index] for index in sequence] for sequence in sequences]
    assert tokens(Keras(char_level=True), texts) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \t\n..!", []),
        ("Don't STOP!", ["don't", "stop"]),
        ("one\ntwo\r\nthree", ["one", "two\r", "three"]),
        ("A\0B c", ["a\0b", "c"]),
        ("𝒳 😀👍🏽 ok", ["𝒳", "😀👍🏽", "ok"]),
        ("E\u0301te\u0301", ["e\u0301te\u0301"]),
        ("日本語　テキスト です。", ["日本語　テキスト", "です。"]),
        ("ΟΔΥΣΣΕΥΣ ΣΑΣ.", ["οδυσσευς", "σας"]),
        ("İstanbul STRASSE ẞ", ["i̇stanbul", "strasse", "ß"]),
        ("a\xa0b c", ["a\xa0b", "c"]),
    ],
)
def test_literals(tokens, text, expected):
    assert tokens(Keras(), [text]) == [expected] == [text_to_word_sequence(text)]


def test_a_separator_that_overlaps_itself(tokens):
    texts = ["ababa", "ab.", "ab..", ".aba.", "abaaba"]
    tokenizer = Keras(filters=".", split="aba")
    assert tokens(tokenizer, texts) == [oracle(tokenizer, text) for text in texts]


def test_every_character_as_a_word(tokens, all_characters):
    # Fifty a text; beyond U+20000 nothing has a case.
    some = all_characters[:0x20000]
    texts = [" ".join(f"{c}y" for c in some[i : i + 50]) for i in range(0, len(some), 50)]
    assert tokens(Keras(), texts) == [text_to_word_sequence(text) for text in texts]
