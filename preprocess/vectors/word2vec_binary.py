"""Word vectors in word2vec's binary format, read and written.

A line with the count of words and that of numbers; then each word, a blank, and its numbers as
little-endian float32. Source: word2vec.c of Mikolov et al., which writes a newline after the
numbers; gensim writes none.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from preprocess.core.errors import InputError
from preprocess.vectors.vector_file import LINE_BYTES, Vector, is_finite, open_vectors, shown
from preprocess.vectors.vector_text import cut_short

_CHUNK_BYTES = 1 << 20
_NUMBER = np.dtype("<f4")


@dataclass(frozen=True)
class BinaryFile:
    """A file of word2vec's binary format.

    Attributes:
      path: names the file, and in errors too.
      dim: numbers of a vector.
      count: words, as the first line says. As in gensim, what follows them is not read.
    """

    path: str
    dim: int
    count: int

    def vectors(self, pending: dict[bytes, int]) -> Iterator[tuple[int, Vector]]:
        """Rows and vectors of the pending words; see `VectorFile`."""
        number = 0
        with open_vectors(self.path) as file:
            file.readline(LINE_BYTES)
            for number, (word, data) in enumerate(self._records(file), 1):
                row = pending.pop(word, None)
                if row is not None:
                    yield row, self._numbers(word, data, number)
        if number < self.count:
            raise cut_short(self.path, number, self.count)

    def _records(self, file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
        """Words, and the bytes of their vectors."""
        return itertools.islice(self._all_records(file), self.count)

    def _all_records(self, file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
        size = self.dim * _NUMBER.itemsize
        rest, offset = b"", file.tell()
        while chunk := file.read(_CHUNK_BYTES):
            rest += chunk
            held = len(rest)
            rest = yield from _whole_records(rest, size)
            offset += held - len(rest)
            if len(rest) > size + LINE_BYTES:
                raise InputError(
                    f"{self.path}: byte {offset}: got no blank within {LINE_BYTES:,} bytes, "
                    f"expected a word and {self.dim} numbers as line 1 says; fetch the file again"
                )

    def _numbers(self, word: bytes, data: bytes, number: int) -> Vector:
        vector = np.frombuffer(data, _NUMBER)
        if not is_finite(vector):
            got = vector[~np.isfinite(vector)][0]
            raise InputError(
                f"{self.path}: word {number:,}: got {got} among the numbers of {shown(word)}, "
                "expected finite numbers; fetch the file again or leave the word out"
            )
        return vector


def can_hold(word: str) -> bool:
    """Whether the format has a way to write `word`: a blank ends one, a newline may begin it."""
    return bool(word) and not set(word) & {" ", "\n"}


def write_binary(
    file: BinaryIO, count: int, dim: int, vectors: Iterable[tuple[str, Vector]]
) -> None:
    """Writes words that the format `can_hold`; like gensim, without a newline after each.

    Args:
      file: where to; holds nothing yet.
      count: how many `vectors` there are.
      dim: numbers of each.
      vectors: word and vector, in the order of the file; none of them is held.
    """
    file.write(b"%d %d\n" % (count, dim))
    for word, vector in vectors:
        file.write(word.encode() + b" " + vector.astype(_NUMBER).tobytes())


def _whole_records(data: bytes, size: int) -> Generator[tuple[bytes, bytes], None, bytes]:
    """The words that stand whole in `data`, and the `size` bytes behind each; returns the rest."""
    start = 0
    while (blank := data.find(b" ", start)) >= 0 and (stop := blank + 1 + size) <= len(data):
        # Also takes off the newline that word2vec.c puts after the vector before, as gensim does.
        yield data[start:blank].lstrip(b"\n"), data[blank + 1 : stop]
        start = stop
    return data[start:]
