"""Tokens as places in one run of bytes, which leaves the graph without a Python object a token."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import numpy as np
    import tensorflow as tf

_ALL = 1 << 16


class SeparatedTexts(NamedTuple):
    """Texts whose tokens are what stands between separators, and never empty.

    Attributes:
      texts: string, shape (batch,).
      separators: bytes, each of which separates by itself.
    """

    texts: tf.Tensor
    separators: bytes


class TokenBytes(NamedTuple):
    """The tokens of a batch.

    Attributes:
      bytes: uint8, shape (bytes,): all tokens in order, with anything between them.
      bounds: int64, shape (2 * tokens,): where each token begins and ends in `bytes`, in turn.
      lengths: int64, shape (batch,): tokens of each row.
    """

    bytes: tf.Tensor
    bounds: tf.Tensor
    lengths: tf.Tensor


def joined_tokens(tokens: tf.RaggedTensor) -> TokenBytes:
    """The bytes of tokens: string, shape (batch, None)."""
    sizes = tf.strings.length(tokens.flat_values)
    ends = tf.cumsum(tf.cast(sizes, tf.int64))
    starts = ends - tf.cast(sizes, tf.int64)
    content = tf.io.decode_raw(tf.strings.reduce_join(tokens.flat_values), tf.uint8)
    return TokenBytes(content, tf.reshape(tf.stack([starts, ends], 1), [-1]), tokens.row_lengths())


def tokens_between(separated: SeparatedTexts) -> TokenBytes:
    """The bytes of the tokens between separators, without making a string of each.

    Several times as fast as to split: rows are joined by a separator, a table says of two bytes at
    a time which of them belong to tokens, and tokens are the runs of those.
    """
    return TokenBytes(*_traced(separated.separators)(separated.texts))


@functools.cache
def _traced(separators: bytes) -> Callable[[tf.Tensor], TokenBytes]:
    """`_between`, traced once a process: its many ops cost every graph time."""
    signature = [tf.TensorSpec([None], tf.string)]
    between = functools.partial(_between, separators=separators)
    traced: Callable[[tf.Tensor], TokenBytes] = tf.function(between, signature, autograph=False)
    return traced


def _between(texts: tf.Tensor, separators: bytes) -> TokenBytes:
    separator = separators[:1]
    rows = tf.strings.reduce_join(texts, separator=separator)
    # A separator before and behind, and one more where pairs need it.
    end = tf.where(tf.strings.length(rows) % 2 == 0, separator, 2 * separator)
    content = tf.io.decode_raw(tf.strings.join([separator, rows, end]), tf.uint8)
    inside = _inside(content, separators)
    bounds = tf.where(inside[1:] != inside[:-1])[:, 0] + 1
    ends_of_rows = 1 + tf.cumsum(1 + tf.cast(tf.strings.length(texts), tf.int64))
    tokens_before = _count_below(bounds[::2], ends_of_rows)
    lengths = tokens_before - tf.concat([[0], tokens_before[:-1]], 0)[: tf.size(tokens_before)]
    return TokenBytes(content, bounds, lengths)


def _inside(content: tf.Tensor, separators: bytes) -> tf.Tensor:
    """1 for each byte that is no separator; uint8 of shape (bytes,) both, an even number."""
    is_token = np.ones(256, np.uint8)
    is_token[list(separators)] = 0
    pairs = is_token[np.arange(_ALL) & 255] | is_token[np.arange(_ALL) >> 8].astype(np.uint16) << 8
    indices = tf.cast(tf.bitcast(tf.reshape(content, [-1, 2]), tf.uint16), tf.int32)
    return tf.reshape(tf.bitcast(tf.gather(tf.constant(pairs, tf.uint16), indices), tf.uint8), [-1])


def _count_below(places: tf.Tensor, limits: tf.Tensor) -> tf.Tensor:
    """How many of the ascending `places` lie below each of `limits`; int64, shape of `limits`."""
    some = tf.concat([places, [tf.int64.max]], 0)  # the op takes no empty list
    return tf.searchsorted(some, limits, out_type=tf.int64)
