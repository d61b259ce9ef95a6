"""Darts, the double-array trie of sys.dic and unk.dic: keys in UTF-8 bytes to values.

A state is the number b that stands as base in its unit. Byte c leads from it to the unit
p = b + c + 1 if check[p] == b, and there to the state base[p]; it ends a key if check[b] == b and
base[b] < 0, whose value is -base[b] - 1 (http://chasen.org/~taku/software/darts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from preprocess.core.lazy import lazy_imports

with lazy_imports():
    import pyarrow as pa

# Units that a walk may read beyond the last one: a byte leads up to 256 units on.
_PADDING = 257


@dataclass(frozen=True)
class DoubleArray:
    """The units of a trie.

    Attributes:
      base: int32, shape (units,).
      check: int32, shape (units,); the last `_PADDING` units are there so that no walk leaves the
        arrays, and no state can reach them.
    """

    base: np.ndarray
    check: np.ndarray

    @classmethod
    def parse(cls, content: bytes) -> DoubleArray:
        """Parses the units of a double array.

        Args:
          content: pairs of little-endian int32 base and uint32 check.
        """
        units = np.frombuffer(content, "<i4").reshape(-1, 2)
        padding = np.array([[0, -1]] * _PADDING, np.int32)
        base, check = np.concatenate([units, padding]).T
        return cls(np.ascontiguousarray(base), np.ascontiguousarray(check))

    @property
    def root(self) -> int:
        """The state before any byte."""
        return int(self.base[0])

    def walk(self, states: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """The state that byte `codes` leads to; 0, which is no state, if it leads nowhere.

        Args:
          states: int32; 0 stays 0.
          codes: int32, of the same shape.
        """
        units = states + codes + 1
        leads = (states > 0) & (self.check[units] == states)
        return np.where(leads, self.base[units], 0)

    def value(self, key: bytes) -> int | None:
        """The value of a key; None if there is none."""
        state = np.array([self.root], np.int32)
        for code in key:
            state = self.walk(state, np.array([code]))
        end = int(state[0])
        ends = end > 0 and self.check[end] == end and self.base[end] < 0
        return -int(self.base[end]) - 1 if ends else None

    def ends(self) -> np.ndarray:
        """int32, shape (keys,): the states that end a key."""
        states = np.arange(len(self.base), dtype=np.int32)
        found: np.ndarray = states[(self.check == states) & (self.base < 0)]
        return found

    def values(self) -> np.ndarray:
        """int32, shape (keys,): values in the order of `ends`."""
        values: np.ndarray = -self.base[self.ends()] - 1
        return values

    def all_keys(self) -> pa.Array:
        """All keys (binary), in the order of `ends`."""
        levels = list(self._upwards())[::-1]  # first bytes first, short keys filled with 0
        table = np.stack(levels, axis=1) if levels else np.zeros((0, 0), np.uint8)
        inside = table != 0
        offsets = np.concatenate([[0], np.cumsum(inside.sum(axis=1))]).astype(np.int32)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(table[inside])]
        return pa.Array.from_buffers(pa.binary(), len(table), buffers)

    def _upwards(self) -> Iterator[np.ndarray]:
        """The last bytes of all keys, the bytes before them, and so on; 0 before the first."""
        parents, codes = self._transitions()
        states = self.ends()
        while (states != self.root).any():
            inside = states != self.root
            yield np.where(inside, codes[states], 0).astype(np.uint8)
            states = np.where(inside, parents[states], states)

    def _transitions(self) -> tuple[np.ndarray, np.ndarray]:
        """For each state, the one that leads to it, and the byte that does."""
        units = np.arange(len(self.base))
        code = units - self.check - 1
        leads = (self.check > 0) & (code >= 0) & (code < 256) & (self.base > 0)
        parents, codes = np.zeros((2, len(self.base)), np.int32)
        parents[self.base[leads]] = self.check[leads]
        codes[self.base[leads]] = code[leads]
        return parents, codes
