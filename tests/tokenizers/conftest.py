"""Runs tokenizers as the product does: inside a traced function, over batches of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import tensorflow as tf

from preprocess.tokenizers import Tokenizer

Texts = Sequence[str | bytes]


def _tokens(tokenizer: Tokenizer, texts: Texts) -> list[list[str]]:
    ragged = _traced(tokenizer)(given_to(tokenizer, texts))
    assert ragged.row_splits.dtype == tf.int64
    assert ragged.shape.rank == 2 and ragged.nrows() == len(texts)
    return [[token.decode(errors="backslashreplace") for token in row] for row in ragged.to_list()]


def given_to(tokenizer: Tokenizer, texts: Texts) -> tf.Tensor | tf.RaggedTensor:
    """The batch of some texts: each a list of itself where lists are taken."""
    batch = tf.constant(list(texts), tf.string)
    lists = tf.RaggedTensor.from_row_lengths(batch, tf.ones(len(texts), tf.int64))
    return lists if takes_lists(tokenizer) else batch


def takes_lists(tokenizer: Tokenizer) -> bool:
    return tokenizer.raw.is_ragged


_functions: dict[str, Callable[[tf.Tensor], tf.RaggedTensor]] = {}


def _traced(tokenizer: Tokenizer) -> Callable[[tf.Tensor], tf.RaggedTensor]:
    """The traced tokenizer; traced once, as that takes longer than a batch."""
    key = f"{type(tokenizer).__name__} {tokenizer.model_dump_json()}"
    if key not in _functions:
        texts = tf.TensorSpec([None], tf.string)
        lists = tf.RaggedTensorSpec([None, None], tf.string, row_splits_dtype=tf.int64)
        signature = [lists if takes_lists(tokenizer) else texts]
        _functions[key] = tf.function(lambda texts: tokenizer(texts), input_signature=signature)
    return _functions[key]


@pytest.fixture(scope="session")
def tokens() -> Callable[[Tokenizer, Texts], list[list[str]]]:
    """A function from a tokenizer and texts to the tokens of each text."""
    return _tokens


@pytest.fixture(scope="session")
def batch_of() -> Callable[[Tokenizer, Texts], tf.Tensor | tf.RaggedTensor]:
    """A function from a tokenizer and texts to the batch that it takes."""
    return given_to


@pytest.fixture(scope="session")
def all_characters() -> list[str]:
    """Every code point that UTF-8 can encode."""
    return [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
