"""char.bin: the categories of characters, and how unknown words are made of them
(char_property.cpp)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from preprocess.mecab.dictionary.mecab_files import unusable

_NAME = 32  # bytes of a category's name
_CHARACTERS = 0xFFFF  # U+FFFF has no entry
END = 0x10000
"""Stands for the end of a text; has no properties, as U+FFFF."""


class Bits(NamedTuple):
    """Some bits of MeCab's struct CharInfo (char_property.h).

    Attributes:
      lowest: the number of the lowest, counted from 0.
      size: how many they are.
    """

    lowest: int
    size: int

    @property
    def mask(self) -> int:
        """A number whose `size` lowest bits alone are ones."""
        return (1 << self.size) - 1


TYPES = Bits(0, 18)
"""A bit for each category that the character is in."""
CATEGORY = Bits(18, 8)
"""Its default category."""
LENGTH = Bits(26, 4)
"""So many first characters make unknown words of their own."""
GROUP = Bits(30, 1)
"""Whether characters of its category in a row make an unknown word."""
INVOKE = Bits(31, 1)
"""Whether unknown words begin here though the dictionary has words that do."""


@dataclass(frozen=True)
class CharProperty:
    """Properties of the characters of the Basic Multilingual Plane; all others have those of NUL.

    Attributes:
      categories: names, such as `KANJI`.
      packed: uint32, shape (65537,), by code point, then `END`: `TYPES`, `CATEGORY`, `LENGTH`,
        `GROUP` and `INVOKE`.
    """

    categories: tuple[str, ...]
    packed: np.ndarray

    @classmethod
    def parse(cls, content: bytes) -> CharProperty:
        """Parses the content of char.bin.

        Args:
          content: the whole file.

        Raises:
          UsageError: another size than in its header, or blanks that are of other categories
            too, which the graph does not know.
        """
        count = struct.unpack_from("<I", content)[0] if len(content) >= 4 else 0
        begin = 4 + _NAME * count
        size = begin + 4 * _CHARACTERS
        if len(content) != size:
            expected = f"{size} for its {count} categories"
            raise unusable("char.bin", f"{len(content)} bytes", expected)
        packed = np.zeros(END + 1, np.uint32)
        packed[:_CHARACTERS] = np.frombuffer(content, "<u4", offset=begin)
        names = [content[i : i + _NAME] for i in range(4, begin, _NAME)]
        parsed = cls(tuple(n.rstrip(b"\0").decode("utf-8") for n in names), packed)
        parsed._check_blanks()
        return parsed

    @property
    def types(self) -> np.ndarray:
        """int32, shape (65537,): a bit for each category that a character is in."""
        return self._of(TYPES)

    @property
    def blank(self) -> int:
        """The types of U+0020, SPACE: characters that share one are blanks."""
        return int(self.types[ord(" ")])

    @property
    def max_length(self) -> int:
        """The longest `length`: that many first characters may make unknown words of their own."""
        return int(self._of(LENGTH).max())

    def is_blank(self, character: str) -> bool:
        """Whether MeCab skips `character` before a word."""
        return (character if ord(character) < END else "\0") in self._blanks

    def _of(self, bits: Bits) -> np.ndarray:
        return ((self.packed >> bits.lowest) & bits.mask).astype(np.int32)

    @cached_property
    def _blanks(self) -> frozenset[str]:
        return frozenset(map(chr, np.flatnonzero(self.types & self.blank)))

    def _check_blanks(self) -> None:
        blanks = self.types[(self.types & self.blank) != 0]
        if (blanks != self.blank).any():
            raise unusable(
                "char.bin",
                "a blank that is also of another category",
                "blanks of the category SPACE alone",
                "change char.def and compile the dictionary anew",
            )
