"""char.bin: the categories of characters, and how unknown words are made of them
(char_property.cpp)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from preprocess.mecab.dictionary.mecab_files import unusable

_NAME = 32  # bytes of a category's name
_CHARACTERS = 0xFFFF  # U+FFFF has no entry
END = 0x10000
"""Stands for the end of a text; has no properties, as U+FFFF."""


@dataclass(frozen=True)
class CharProperty:
    """Properties of the characters of the Basic Multilingual Plane; all others have those of NUL.

    Attributes:
      categories: names, such as `KANJI`.
      packed: uint32, shape (65537,), by code point, then `END`. MeCab's struct CharInfo: from the
        lowest bit 18 bits for the categories it is in, 8 for its default category, 4 for `length`,
        1 for `group`, 1 for `invoke`.
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
        return (self.packed & 0x3FFFF).astype(np.int32)

    @property
    def blank(self) -> int:
        """The types of U+0020, SPACE: characters that share one are blanks."""
        return int(self.types[ord(" ")])

    @property
    def max_length(self) -> int:
        """The longest `length`: that many first characters may make unknown words of their own."""
        return int(((self.packed >> 26) & 0xF).max())

    def is_blank(self, character: str) -> bool:
        """Whether MeCab skips `character` before a word."""
        return (character if ord(character) < END else "\0") in self._blanks

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
