"""matrix.bin: what it costs that one word follows another (connector.cpp)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from preprocess.mecab.dictionary.mecab_files import unusable


@dataclass(frozen=True)
class Connector:
    """Connection costs.

    Attributes:
      costs: int16, shape (left_size * right_size,); that of a word with the right context id r
        before one with the left context id l stands at r + left_size * l.
      left_size: number of right context ids of the words to the left (MeCab's name).
    """

    costs: np.ndarray
    left_size: int

    @classmethod
    def parse(cls, content: bytes) -> Connector:
        """Parses the content of matrix.bin.

        Args:
          content: the whole file.

        Raises:
          UsageError: another size than in its header.
        """
        left, right = struct.unpack_from("<2H", content) if len(content) >= 4 else (0, 0)
        size = 4 + 2 * left * right
        if len(content) != size:
            expected = f"{size} for {left} by {right} costs"
            raise unusable("matrix.bin", f"{len(content)} bytes", expected)
        return cls(np.frombuffer(content, "<i2", offset=4), left)
