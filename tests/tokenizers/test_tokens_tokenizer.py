"""Lists are taken as they are. Oracle: Python's lists, and its `str.lower`."""

import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from preprocess.tokenizers import Tokens


def tokens_of(tokenizer, lists):
    ragged = tokenizer(tf.ragged.constant(lists, tf.string, ragged_rank=1, inner_shape=()))
    return [[token.decode() for token in row] for row in ragged.to_list()]


@given(st.lists(st.lists(st.text(max_size=5), max_size=6), min_size=1, max_size=8))
def test_every_string_is_a_token_but_the_empty_one(lists):
    expected = [[token for token in row if token] for row in lists]
    assert tokens_of(Tokens(), lists) == expected


def test_tokens_are_normalized_one_by_one():
    lists = [["The  Film", "<br />", "\n", ""], [], ["ΣΑΣ", "A,b"]]
    lowered = [["the  film", "<br />", "\n"], [], ["σας", "a,b"]]
    assert tokens_of(Tokens(normalize=["lower"]), lists) == lowered


def test_what_normalization_leaves_empty_is_no_token():
    accents = [["e\u0301", "\u0301", "a"]]
    assert tokens_of(Tokens(normalize=["strip_accents"]), accents) == [["e", "a"]]
