"""Word vectors as text: a word and its numbers a line, with blanks or tabs between.

word2vec begins with a line of its own, the count of words and that of numbers; GloVe does not.
Sources: word2vec.c of Mikolov et al.; src/glove.c of Stanford's GloVe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from preprocess.core.errors import InputError
from preprocess.core.first_bytes import UTF8_BOM
from preprocess.vectors.vector_file import LINE_BYTES, Vector, is_finite, open_vectors, shown

_BLANKS = b" \t"
_LINE_END = _BLANKS + b"\r\n"  # word2vec.c and fastText end their lines with a blank


@dataclass(frozen=True)
class TextFile:
    """A file of the text format of word2vec, or of GloVe.

    Attributes:
      path: names the file, and in errors too.
      dim: numbers of a vector.
      count: words, as the first line says; None without such a line. As in gensim, what follows
        them is not read.
      separator: stands between a word and its numbers; None: any number of blanks and tabs.
    """

    path: str
    dim: int
    count: int | None
    separator: bytes | None = b" "

    def vectors(self, pending: dict[bytes, int]) -> Iterator[tuple[int, Vector]]:
        """Rows and vectors of the pending words, the only ones parsed; see `VectorFile`."""
        separator, dim = self.separator, self.dim
        with open_vectors(self.path) as file:
            for number, line in self._lines(file):
                if separator and line.count(separator) == dim:
                    end = line.index(separator)
                else:
                    end = self._end_of_word(line, number, pending)
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
                line = line.removeprefix(UTF8_BOM)
            line = line.rstrip(_LINE_END) if self.separator else line.strip(_LINE_END)
            if line:
                yield number, line

    def _end_of_word(self, line: bytes, number: int, pending: dict[bytes, int]) -> int:
        """Where a word ends that may hold blanks itself, as `. . .` of GloVe 840B does."""
        word, *numbers = line.rsplit(self.separator, self.dim)
        if len(numbers) < self.dim or not all(numbers):
            raise self._wrong_count(line, number)
        fields = word.split(self.separator, 2)[:2]
        # `cat 0.1` is no word but a line with too many numbers; `catch 22` is one.
        if word not in pending and fields[0] in pending and any(map(_is_fraction, fields[1:])):
            raise self._wrong_count(line, number)
        return len(word)

    def _numbers(self, line: bytes, end: int, number: int) -> Vector:
        fields = line[end + 1 :].split(self.separator)
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

    def _wrong_count(self, line: bytes, number: int) -> InputError:
        word, *numbers = line.split(self.separator)
        return InputError(
            f"{self.path}:{number}: got {len(numbers)} numbers after {shown(word)}, "
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
