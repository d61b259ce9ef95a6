"""Tokens between separators as places in one run of bytes."""

from __future__ import annotations

import re

import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from preprocess.tokenizers.token_bytes import SeparatedTexts, TokenBytes, tokens_between

SIGNATURE = [tf.TensorSpec([None], tf.string)]
TRACED = {
    separators: tf.function(
        lambda texts, of=separators: tokens_between(SeparatedTexts(texts, of)), SIGNATURE
    )
    for separators in (b" ", b" ,\n", b"\xff", b"\0z")
}


def tokens_of(found: TokenBytes) -> list[list[bytes]]:
    content, bounds = found.bytes.numpy().tobytes(), found.bounds.numpy().tolist()
    flat = iter([content[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)])
    rows = [[next(flat) for _ in range(length)] for length in found.lengths.numpy()]
    assert next(flat, None) is None
    return rows


def python_tokens(text: bytes, separators: bytes) -> list[bytes]:
    return [token for token in re.split(b"[" + re.escape(separators) + b"]", text) if token]


@pytest.mark.parametrize("separators", TRACED, ids=repr)
@given(texts=st.lists(st.binary() | st.text(" ,\nz\0é").map(str.encode), max_size=30))
def test_they_are_what_python_splits(separators: bytes, texts: list[bytes]) -> None:
    found = TRACED[separators](tf.constant(texts, tf.string))
    assert tokens_of(found) == [python_tokens(text, separators) for text in texts]


def test_literally() -> None:
    found = TRACED[b" ,\n"](tf.constant(["ab, c", "", "\n", "d"]))
    assert found.bytes.numpy().tobytes() == b" ab, c  \n d "
    assert found.bounds.numpy().tolist() == [1, 3, 5, 6, 10, 11]
    assert found.lengths.numpy().tolist() == [2, 0, 0, 1]
