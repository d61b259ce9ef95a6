"""What stands between a word and its numbers in a file of vectors, decided for the whole file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from preprocess.vectors.vector_text import is_number

# A blank as in word2vec's and GloVe's files, a tab, or any number of both, as columns that are
# aligned have them. A file that can be read in two ways is read in the first.
_SEPARATORS = (b" ", b"\t", None)


class Separation(NamedTuple):
    """One way to read a file.

    Attributes:
      separator: as for `bytes.split`; None is any number of blanks and tabs.
      dim: numbers of a vector.
      lines: how many of the lines it reads.
    """

    separator: bytes | None
    dim: int
    lines: int


def separation_of(lines: Sequence[bytes], dim: int | None, exact: bool) -> Separation:
    """How most of `lines` are read; of no line if none holds numbers.

    Args:
      lines: the first ones, without a header.
      dim: numbers of a vector if a header says so, or else what most lines end with.
      exact: whether words may all end with a separator, as few words in gensim's files may.
    """
    ways = [_read(lines, separator, dim, exact) for separator in _SEPARATORS]
    best = max(ways, key=lambda way: way.dim * way.lines)
    # A damaged line or two do not make another format of it.
    return next(way for way in ways if way.dim == best.dim and 2 * way.lines >= best.lines)


def trailing_numbers(line: bytes, separator: bytes | None) -> int:
    """How many numbers `line` ends with; its first field is the word, though it be a number."""
    fields = line.rstrip().split(separator)[1:]
    # `float` takes blanks around a number, which belong to another separator.
    words = (n for n in range(len(fields), 0, -1) if not _is_bare_number(fields[n - 1]))
    return len(fields) - next(words, 0)


def most_numbers(line: bytes) -> int:
    """How many numbers `line` ends with, whatever separates them."""
    return max(trailing_numbers(line, separator) for separator in _SEPARATORS)


def _is_bare_number(field: bytes) -> bool:
    return field == field.strip() and is_number(field)


def _read(
    lines: Sequence[bytes], separator: bytes | None, dim: int | None, exact: bool
) -> Separation:
    numbers = [trailing_numbers(line, separator) for line in lines]
    dim = dim or _most_frequent(numbers)
    read = (line for line, count in zip(lines, numbers, strict=True) if 0 < dim <= count)
    whole = [line for line in read if exact or not _is_padded(line, separator, dim)]
    return Separation(separator, dim, len(whole))


def _most_frequent(numbers: Sequence[int]) -> int:
    """The count that most lines have, the least of equals; 0 if there is none."""
    counts = Counter(filter(None, numbers))
    return min(counts, key=lambda count: (-counts[count], count), default=0)


def _is_padded(line: bytes, separator: bytes | None, dim: int) -> bool:
    """Whether the word of a line ends with a separator, so that two stand behind it."""
    word = line.rstrip().split(separator)[:-dim]
    return len(word) > 1 and not word[-1]
