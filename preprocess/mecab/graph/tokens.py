"""Tokens: surfaces or base forms of the words on the best path."""

from __future__ import annotations

import tensorflow as tf

from preprocess.mecab.graph.lattice import Lattice
from preprocess.mecab.graph.nodes import Nodes
from preprocess.mecab.graph.ragged import counts_to_splits, places, ranges, take
from preprocess.mecab.graph.tables import DROPPED, Tables
from preprocess.mecab.graph.text_characters import CharacterArrays


def make_tokens(
    path: tf.Tensor, nodes: Nodes, lattice: Lattice, characters: CharacterArrays, tables: Tables
) -> tuple[tf.Tensor, tf.Tensor]:
    """Tokens of all texts, in the order of the texts; BOS, EOS and dropped words left out.

    Args:
      path: int32, shape (nodes on the path,): as `best_path` gives it.

    Returns:
      string, shape (tokens,), and int32, shape (texts,): number of tokens of each text.
    """
    form = tf.gather(tables.forms, take(nodes.word, path))
    kept = form != DROPPED
    form, candidate = tf.boolean_mask(form, kept), take(nodes.candidate, path[kept])
    begin = take(lattice.right.begin, candidate)
    order = tf.argsort(begin)
    begin, form = take(begin, order), take(form, order)
    end = take(take(lattice.stops, candidate), order)
    token = _base_forms(_surfaces(begin, end, characters), form, tables)
    splits = tf.searchsorted(begin, tf.concat([characters.starts, [tf.int32.max]], 0))
    return token, splits[1:] - splits[:-1]


def _surfaces(begin: tf.Tensor, end: tf.Tensor, characters: CharacterArrays) -> tf.Tensor:
    """The texts between places; string, shape (tokens,)."""
    lengths = end - begin
    return tf.raw_ops.UnicodeEncode(
        input_values=take(characters.code, ranges(begin, lengths)),
        input_splits=counts_to_splits(lengths),
        output_encoding="UTF-8",
        errors="replace",
    )


def _base_forms(surface: tf.Tensor, form: tf.Tensor, tables: Tables) -> tf.Tensor:
    """Base forms where there are some, surfaces elsewhere; string, shape (tokens,)."""
    has_form = places(form >= 0)
    forms = tf.gather(tables.base_forms, take(form, has_form))
    return tf.tensor_scatter_nd_update(surface, has_form[:, tf.newaxis], forms)
