"""The arrays of a dictionary as variables, so that they travel with a SavedModel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from preprocess.core.errors import UsageError
from preprocess.mecab.dictionary.char_property import END
from preprocess.mecab.dictionary.dictionary import Dictionary
from preprocess.mecab.dictionary.double_array import DoubleArray
from preprocess.mecab.dictionary.token_features import SURFACE, has_part_of_speech
from preprocess.mecab.dictionary.word_runs import run_of

DROPPED = -2
"""In place of an index of a base form: the token is left out."""


class Tables(tf.Module):
    """What the stages look things up in.

    Attributes:
      units: int64, shape (units,), the double array: base above 32 bits of check.
      first_states: int32, shape (65536,), the state of the trie after each character of the Basic
        Multilingual Plane; 0 if no word begins with it.
      words: int64, shape (words + 1,): cost, left and right context id, of 16 bits each from above.
        The last stands for the beginning and the end of a text (BOS/EOS).
      unknown: int32, shape (categories,): `run_of` the words of each.
      connections: int16, see `Connector`.
      characters: int32, shape (65537,), see `CharProperty`.
      forms: int32, shape (words + 1,): index into `base_forms`, `SURFACE` or `DROPPED`.
      base_forms: string, shape (base forms + 1,).
    """

    def __init__(self, dictionary: Dictionary, base_form: bool, drop: Sequence[str]) -> None:
        super().__init__(name="tables")
        words, trie = dictionary.words, dictionary.trie
        self.units = _variable("units", _pack(trie.base, 32, trie.check.view(np.uint32)))
        self.first_states = _variable("first_states", _first_states(trie))
        ids = _pack(words.left_id, 16, words.right_id)
        self.words = _variable("words", np.append(_pack(words.cost, 32, ids), 0))
        unknown = run_of(dictionary.unknown_first, dictionary.unknown_count)
        self.unknown = _variable("unknown", unknown.astype(np.int32))
        self.connections = _variable("connections", dictionary.connector.costs)
        self.characters = _variable("characters", dictionary.characters.packed.view(np.int32))
        self.forms = _variable("forms", _forms(dictionary, base_form, drop))
        forms = dictionary.base_forms if base_form else ()
        self.base_forms = _variable("base_forms", np.array([*forms, ""], object))


def _variable(name: str, value: np.ndarray) -> tf.Variable:
    return tf.Variable(tf.constant(value), trainable=False, name=name)


def _pack(upper: np.ndarray, bits: int, lower: np.ndarray) -> np.ndarray:
    return (upper.astype(np.int64) << bits) + lower.astype(np.int64)


def _first_states(trie: DoubleArray) -> np.ndarray:
    """The values of `Tables.first_states`; NUL and surrogates begin no word."""
    states = np.zeros(END, np.int32)
    ranges = ((1, 0x80), (0x80, 0x800), (0x800, 0xD800), (0xE000, END))  # of 1, 2, 3, 3 bytes
    for first, last in ranges:
        encoded = "".join(map(chr, range(first, last))).encode("utf-8")
        codes = np.frombuffer(encoded, np.uint8).reshape(last - first, -1).astype(np.int32)
        state = np.full(last - first, trie.root, np.int32)
        for column in codes.T:
            state = trie.walk(state, column)
        states[first:last] = state
    return states


def _forms(dictionary: Dictionary, base_form: bool, drop: Sequence[str]) -> np.ndarray:
    words = dictionary.words
    dropped = np.array([_any(part, drop) for part in dictionary.parts_of_speech])
    _check(dictionary, base_form, drop)
    forms = words.base if base_form else np.full(len(words), SURFACE, np.int32)
    forms = np.where(dropped[words.part_of_speech], DROPPED, forms)
    return np.append(forms, DROPPED).astype(np.int32)


def _any(part: str, prefixes: Sequence[str]) -> bool:
    return any(has_part_of_speech(part, prefix) for prefix in prefixes)


def _check(dictionary: Dictionary, base_form: bool, drop: Sequence[str]) -> None:
    if base_form and not dictionary.has_base_forms:
        raise UsageError(
            "base forms: got a dictionary whose features are neither IPADIC's nor UniDic's, "
            "expected one of these layouts; take surfaces"
        )
    parts = dictionary.parts_of_speech
    for prefix in drop:
        if not any(has_part_of_speech(part, prefix) for part in parts):
            known = ", ".join(dict.fromkeys(part.split(",")[0] for part in parts))
            raise UsageError(
                f"drop: got {prefix!r}, which no word of the dictionary is, expected a part of "
                f"speech that begins with one of {known}; name one of these"
            )
