"""The lattice: candidates in the orders of their begins and of their ends (viterbi.cpp).

It falls into sections. A section begins where just one node ends and no candidate reaches across:
every path through the lattice goes through that node, and what it costs to get there is the same
for all that follows. So the best path is made of the best paths of the sections, ties included. A
text has at least one section, behind its BOS node. Short sections mean few steps of the loop of
the Viterbi algorithm.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from preprocess.mecab.dictionary.word_runs import counts_of, run_of
from preprocess.mecab.graph.candidates import Candidates, concat, gather
from preprocess.mecab.graph.ragged import counts_to_splits, pack, take
from preprocess.mecab.graph.text_characters import CharacterArrays

_INDEX_BITS = 28  # a candidate's index
_LENGTH_BITS = 12  # a candidate's length in characters: no word has 4,096 of them


class Lattice(NamedTuple):
    """Candidates of all texts, with BOS and EOS, and the sections that the texts fall into.

    Attributes:
      right: shape (candidates,), in the order of their steps; BOS of all texts come first, the
        step of an EOS is that of the end of its text. Blanks that follow belong to a candidate,
        so that its `end` is the place where the next one begins; EOS end behind all characters.
      stops: int32, shape (candidates,): the ends of `right` without the blanks.
      splits: int32, shape (steps + 2,): where BOS and the candidates of each step begin in
        `right`, then the number of all.
      by_end: int32, shape (candidates,): indices into `right`, in the order of ends; those with
        one end in the order in which MeCab tries them.
      is_cut: bool, shape (characters + 1,): whether a section begins there.
    """

    right: Candidates
    stops: tf.Tensor
    splits: tf.Tensor
    by_end: tf.Tensor
    is_cut: tf.Tensor


def build_lattice(
    found: Candidates, characters: CharacterArrays, starts: tf.Tensor, skip: tf.Tensor, bos: int
) -> Lattice:
    """Sorts candidates into a lattice.

    Args:
      found: candidates of the dictionary, then those of unknown words.
      characters: those of all texts.
      starts: bool, shape (characters,): whether a word can begin there.
      skip: int32, shape (characters,): `skip_blanks`.
      bos: the word that stands for BOS and EOS.
    """
    behind, texts = tf.size(skip), tf.size(characters.ends)
    begins = take(skip, characters.starts)
    one = tf.fill([texts], run_of(bos, 1))
    moved = found._replace(end=take(skip, found.end))
    is_cut = cut_places(moved, starts, begins)
    bos_nodes = Candidates(begins, begins, one)
    eos_nodes = Candidates(characters.ends, tf.fill([texts], behind), one)
    nodes = concat(bos_nodes, moved, eos_nodes)
    stops = tf.concat([begins, found.end, characters.ends], 0)

    step = take(steps(starts, is_cut), nodes.begin[texts:])
    step = tf.concat([tf.zeros([texts], tf.int32), step + 1], 0)  # BOS before all others
    order = sorted_by(step)
    right, stops = gather(nodes, order), take(stops, order)
    return Lattice(
        right=right,
        stops=stops,
        splits=counts_to_splits(tf.math.bincount(step)),
        by_end=order_by_end(right.end, stops - right.begin),
        is_cut=tf.concat([is_cut, [False]], 0),
    )


def cut_places(moved: Candidates, starts: tf.Tensor, begins: tf.Tensor) -> tf.Tensor:
    """Where sections begin: bool, shape (characters,).

    Args:
      moved: candidates that end where the next one begins.
      starts: bool, shape (characters,): whether a word can begin there.
      begins: int32, shape (texts,): where the first word of each text can begin, or its end.
    """
    count = tf.size(starts)
    words_that_end = tf.math.unsorted_segment_sum(counts_of(moved.value), moved.end, count)
    ones = tf.ones_like(moved.begin)
    begin = tf.math.unsorted_segment_sum(ones, moved.begin, count)
    end = tf.math.unsorted_segment_sum(ones, moved.end, count)
    across = tf.cumsum(begin, exclusive=True) - tf.cumsum(end)
    of_texts = tf.scatter_nd(begins[:, tf.newaxis], tf.ones_like(begins), [count]) > 0
    return of_texts | (starts & (words_that_end == 1) & (across == 0))


def steps(starts: tf.Tensor, is_cut: tf.Tensor) -> tf.Tensor:
    """For each place, how many words can begin before it in its section, at different places.

    The Viterbi algorithm treats places of one step together.

    Args:
      starts: bool, shape (characters,): whether a word can begin there.
      is_cut: bool, shape (characters,): whether a section begins there.

    Returns:
      int32, shape (characters,); of no meaning for blanks before the first section.
    """
    before = tf.cumsum(tf.cast(starts, tf.int32), exclusive=True)
    section = tf.cumsum(tf.cast(is_cut, tf.int32)) - 1
    return before - take(tf.boolean_mask(before, is_cut), tf.maximum(section, 0))


def order_by_end(ends: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """The order in which MeCab tries candidates that end at one place, place by place.

    The latest begin comes first. Those with one begin keep their order: words of the dictionary
    before unknown ones. The first of equally cheap ones wins.

    Args:
      ends: int32, shape (candidates,): places where the next word begins.
      lengths: int32, shape (candidates,): in characters, without blanks.

    Returns:
      int32, shape (candidates,): indices.
    """
    return sorted_by(pack(ends, lengths, _LENGTH_BITS))


def sorted_by(keys: tf.Tensor) -> tf.Tensor:
    """Indices in the order of `keys`, equal ones in their own; as a stable `tf.argsort`, faster.

    Args:
      keys: int32 or int64, shape (n,), not negative, below 2^35.
    """
    indexed = pack(keys, tf.range(tf.size(keys)), _INDEX_BITS)
    return tf.cast(tf.sort(indexed) & ((1 << _INDEX_BITS) - 1), tf.int32)
