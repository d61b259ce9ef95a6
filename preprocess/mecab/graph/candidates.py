"""Spans of text that can be words: what the trie and the unknown words hand to the lattice."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from preprocess.mecab.graph.ragged import take


class Candidates(NamedTuple):
    """Spans of text that have words; all int32 of shape (candidates,).

    Attributes:
      begin: place of the first character.
      end: place after the last one.
      value: `run_of` its words.
    """

    begin: tf.Tensor
    end: tf.Tensor
    value: tf.Tensor


def concat(*several: Candidates) -> Candidates:
    """Several groups of candidates, one after the other."""
    return Candidates(*(tf.concat(arrays, 0) for arrays in zip(*several, strict=True)))


def gather(candidates: Candidates, chosen: tf.Tensor) -> Candidates:
    """Those at the indices `chosen`, int32 of shape (n,)."""
    return Candidates(*(take(array, chosen) for array in candidates))
