"""Word vectors as text: a word and its numbers a line, with blanks between.

word2vec begins with a line of its own, the count of words and that of numbers; GloVe does not.
Sources: word2vec.c of Mikolov et al.; src/glove.c of Stanford's GloVe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from preprocess.core.errors import InputError
from preprocess.vectors.vector_file import LINE_BYTES, Vector, is_finite, open_vectors, shown

BOM = b"\xef\xbb\xbf"
_LINE_END = b" \r\n"  # word2vec.c and fastText end their lines with a blank


@dataclass(frozen=True)
class TextFile:
    """A file of the text format of word2vec, or of GloVe.

    Attributes:
      path: names the file, and in errors too.
      dim: numbers of a vector.
      count: words, as the first line says; None without such a line. As in gensim, what follows
        them is not read.
    """

    path: str
    dim: int
    count: int | None

    def vectors(self, pending: dict[bytes, int]) -> Iterator[tuple[int, Vector]]:
        """Rows and vectors of the pending words, the only ones parsed; see `VectorFile`."""
        dim = self.dim
        with open_vectors(self.path) as file:
            for number, line in self._lines(file):
                blanks = line.count(b" ")
                if blanks == dim:
                    end = line.index(b" ")
                else:
                    end = self._end_of_word(line, blanks, number, pending)
                row = pending.pop(line[:end], None)
                if row is not None:
                    yield row, self._numbers(line, end, number)

    def _lines(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Number and content, without its end, of each line that is not blank."""
        lines = self._numbered(file)
        if self.count is None:
            yield from lines
            return
        next(lines, None)
        for got in range(self.count):
            line = next(lines, None)
            if line is None:
                raise cut_short(self.path, got, self.count)
            yield line

    def _numbered(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        number = 0
        while line := file.readline(LINE_BYTES):
            number += 1
            if len(line) == LINE_BYTES:
                raise InputError(
                    f"{self.path}:{number}: got a line of {LINE_BYTES:,} bytes or more, "
                    f"expected a word and {self._expected()}; mend the line"
                )
            if number == 1:
                line = line.removeprefix(BOM)
            if line := line.rstrip(_LINE_END):
                yield number, line

    def _end_of_word(self, line: bytes, blanks: int, number: int, pending: dict[bytes, int]) -> int:
        """Where a word ends that holds blanks itself, as `. . .` of GloVe 840B does."""
        if blanks < self.dim:
            raise self._wrong_count(line, blanks, number)
        word = line.rsplit(b" ", self.dim)[0]
        first, second = word.split(b" ", 2)[:2]
        # `cat 0.1` is no word but a line with too many numbers; `catch 22` is one.
        too_many = first in pending and word not in pending and _is_fraction(second)
        if too_many or b"  " in line[len(word) :]:
            raise self._wrong_count(line, blanks, number)
        return len(word)

    def _numbers(self, line: bytes, end: int, number: int) -> Vector:
        fields = line[end + 1 :].split(b" ")
        try:
            vector = np.array(list(map(float, fields)), np.float32)
        except ValueError:
            field = next(field for field in fields if not is_number(field))
            raise self._no_number(line[:end], field, number) from None
        if not is_finite(vector):
            field = fields[int(np.argmin(np.isfinite(vector)))]
            raise self._no_number(line[:end], field, number)
        return vector

    def _expected(self) -> str:
        source = "most lines have" if self.count is None else "line 1 says"
        return f"{self.dim} numbers as {source}"

    def _wrong_count(self, line: bytes, got: int, number: int) -> InputError:
        return InputError(
            f"{self.path}:{number}: got {got} numbers after {shown(line.split(b' ', 1)[0])}, "
            f"expected {self._expected()}; mend the line or leave it out"
        )

    def _no_number(self, word: bytes, field: bytes, number: int) -> InputError:
        return InputError(
            f"{self.path}:{number}: got {shown(field)} among the numbers of {shown(word)}, "
            "expected finite numbers of 32 bits; mend the line or leave it out"
        )


def cut_short(path: str, got: int, expected: int) -> InputError:
    """The error for a file that holds fewer words than its first line says."""
    return InputError(
        f"{path}: got {got:,} whole vectors, expected {expected:,} as line 1 says; "
        "the file was cut short: fetch it again"
    )


def is_number(field: bytes) -> bool:
    """Whether `field` is a number, finite or not, as Python reads it."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def _is_fraction(field: bytes) -> bool:
    return not field.isdigit() and is_number(field)
