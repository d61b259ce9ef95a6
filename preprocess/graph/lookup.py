"""Tokens to ids inside the graph.

A lookup table reads its words from a text asset, one a line. The first line is `SENTINEL`, which
no token can equal: so the file is never empty, and the number of a word's line is its place from 1.
Tokens are escaped as in `core.escaping`, since a line cannot hold a newline.
"""

from __future__ import annotations

import tensorflow as tf

from preprocess.core.escaping import SPECIAL, unescape
from preprocess.core.ids import PADDING_ID
from preprocess.spec import HashBuckets, Vocabulary

# No escape of a token begins like this.
SENTINEL = r"\<text2seq>"
# Stands for a word that keeps its id although no token may have it.
NO_TOKEN = r"\<no token>"
# Stands for the empty word, which no text has, as TensorFlow refuses a file with a blank line.
EMPTY_TOKEN = r"\<empty token>"

# In this order: the backslash first, or it would escape the escapes.
_ESCAPES = ((r"\\", r"\\\\"), (r"\n", r"\\n"), (r"\r", r"\\r"), (r"\t", r"\\t"))


def escape(tokens: tf.Tensor) -> tf.Tensor:
    """The keys under which `tokens` stand in the asset; shape and dtype (string) are kept.

    Looks once over all bytes, and rewrites only a batch that needs it.
    """
    joined = tf.strings.reduce_join(tf.reshape(tokens, [-1]))
    clean = tf.strings.regex_full_match(joined, SPECIAL.replace("[", "[^") + "*")
    return tf.cond(clean, lambda: tokens, lambda: _escaped(tokens))


def _escaped(tokens: tf.Tensor) -> tf.Tensor:
    for pattern, rewrite in _ESCAPES:
        tokens = tf.strings.regex_replace(tokens, pattern, rewrite)
    return tokens


class TokenIndex(tf.Module):
    """Token to its place in an asset, from 1; 0 for a token that is not there.

    While tf.Transform analyzes, the path is symbolic and there is no asset, nor a table. One would
    have the graph make all that it is asked for, since a stateful op runs whether or not anything
    takes its output: half the time of an analysis.
    """

    def __init__(self, path: str | tf.Tensor) -> None:
        super().__init__()
        self._table: tf.lookup.StaticHashTable | None = None
        if tf.is_symbolic_tensor(path):
            return
        # Inside the function that is traced a table would be read again at every call.
        with tf.init_scope():
            initializer = tf.lookup.TextFileInitializer(
                path,
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
            )
            self._table = tf.lookup.StaticHashTable(initializer, default_value=0)

    def __call__(self, tokens: tf.Tensor) -> tf.Tensor:
        """int64 places, of the shape of `tokens` (string)."""
        if self._table is None:
            return tf.zeros_like(tokens, tf.int64)
        return self._table.lookup(escape(tokens))


class ClassIndex(TokenIndex):
    """Class to its index in a record, from 0; -1 for a class that the asset lacks."""

    def __call__(self, names: tf.Tensor) -> tf.Tensor:
        """int64 indices, of the shape of `names` (string)."""
        return super().__call__(names) - 1

    def names(self) -> list[str]:
        """The classes, in no order; not while tf.Transform traces the graph."""
        assert self._table is not None
        keys = (key.decode() for key in self._table.export()[0].numpy())
        return [unescape(key) for key in keys if key != SENTINEL]


class Lookup(tf.Module):
    """Token to id as the vocabulary declares; `PADDING_ID` for a word to be dropped."""

    def __init__(self, vocabulary: Vocabulary, path: str | tf.Tensor) -> None:
        """Makes the lookup table of a vocabulary.

        Args:
          vocabulary: decides the id layout and what happens to unknown words.
          path: the asset; a string tensor when tf.Transform traces the graph.
        """
        super().__init__()
        self._vocabulary = vocabulary
        self._places = TokenIndex(path)

    def __call__(self, tokens: tf.Tensor) -> tf.Tensor:
        """int64 ids, of the shape of `tokens` (string)."""
        places = self._places(tokens)
        known = places + (self._vocabulary.ids.first_token - 1)
        return tf.where(places > 0, known, self._oov(tokens))

    def _oov(self, tokens: tf.Tensor) -> tf.Tensor:
        oov = self._vocabulary.oov
        if isinstance(oov, HashBuckets):
            return 1 + tf.strings.to_hash_bucket_fast(tokens, oov.hash_buckets)
        return tf.constant(PADDING_ID if self._vocabulary.drops_oov else 1, tf.int64)
