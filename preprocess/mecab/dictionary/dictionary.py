"""A dictionary as arrays: what the graph needs of MeCab's files, compactly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from preprocess.core.lazy import lazy_imports
from preprocess.mecab.dictionary.char_property import CharProperty
from preprocess.mecab.dictionary.connector import Connector
from preprocess.mecab.dictionary.double_array import DoubleArray

with lazy_imports():
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Words:
    """What a node of the lattice can be: tokens of the dictionary, then those of unknown words.

    All arrays have the shape (words,).

    Attributes:
      left_id, right_id: uint16, context ids: rows and columns of the connection costs.
      cost: int16.
      base: int32, index into `Dictionary.base_forms`; -1 for the surface.
      part_of_speech: int32, index into `Dictionary.parts_of_speech`.
    """

    left_id: np.ndarray
    right_id: np.ndarray
    cost: np.ndarray
    base: np.ndarray
    part_of_speech: np.ndarray

    def __getitem__(self, chosen: np.ndarray) -> Words:
        """The words at some places."""
        return Words(*(array[chosen] for array in vars(self).values()))

    def __len__(self) -> int:
        return len(self.cost)


@dataclass(frozen=True, eq=False)
class Dictionary:
    """A compiled dictionary; `read_dictionary` makes one, `save_dictionary` keeps it in a file.

    Attributes:
      version: of the dictionary, such as `2.1.2`; empty if it has none.
      hash: SHA-256 of the MeCab files that it was made of, hexadecimal.
      trie: surface to `run_of` its words.
      words: those of a surface lie together, in MeCab's order.
      unknown_first, unknown_count: int32, shape (categories,): the words that an unknown word of
        this category can be.
      characters: categories of characters.
      connector: connection costs.
      max_grouping: characters that may follow the first one in a grouped unknown word.
      has_base_forms: whether the layout of the features is one that has them.
      base_forms: unique ones that differ from a surface.
      parts_of_speech: unique ones, such as `名詞,固有名詞,人名,姓`.
    """

    version: str
    hash: str
    trie: DoubleArray = field(repr=False)
    words: Words = field(repr=False)
    unknown_first: np.ndarray = field(repr=False)
    unknown_count: np.ndarray = field(repr=False)
    characters: CharProperty = field(repr=False)
    connector: Connector = field(repr=False)
    max_grouping: int
    has_base_forms: bool
    base_forms: tuple[str, ...] = field(repr=False)
    parts_of_speech: tuple[str, ...] = field(repr=False)

    def surfaces(self) -> list[str]:
        """All words that the dictionary knows, each once, in no particular order."""
        words: list[str] = self.trie.all_keys().cast(pa.string()).to_pylist()
        return words
