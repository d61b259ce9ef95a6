"""Ids back to words, one sequence or several."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any, TypeAlias

from preprocess.artifact.word_index import WordIndex
from preprocess.core.errors import UsageError, one_line

Ids: TypeAlias = Any
"""A sequence of ids, or several: lists, arrays, tensors."""


def decoded(ids: Ids, words: WordIndex, size: int) -> list[str] | list[list[str]]:
    """The words of ids, without padding.

    Args:
      ids: a sequence, or several.
      words: of the vocabulary.
      size: number of its ids, padding and OOV ids included.

    Returns:
      The words of one sequence; a list of them of several.

    Raises:
      UsageError: it is neither, or an id is none of the vocabulary.
    """
    rows = _listed(ids)
    if all(isinstance(row, list) for row in rows) and rows:
        return [words.decode(_checked(row, size)) for row in rows]
    return words.decode(_checked(rows, size))


def _listed(ids: Ids) -> list[Any]:
    """Lists of lists, or of ids, whatever holds them."""
    for convert in ("to_list", "tolist"):  # RaggedTensor and pandas; NumPy
        if hasattr(ids, convert):
            return _listed(getattr(ids, convert)())
    if hasattr(ids, "numpy"):
        return _listed(ids.numpy())
    if isinstance(ids, str | bytes) or not isinstance(ids, Iterable):
        raise _refused(ids)
    return [item if isinstance(item, Integral) else _listed(item) for item in ids]


def _checked(row: list[Any], size: int) -> list[int]:
    for item in row:
        if not isinstance(item, Integral) or not 0 <= int(item) < size:
            raise _refused(item, size)
    return row


def _refused(value: object, size: int | None = None) -> UsageError:
    known = "" if size is None else f" from 0 to {size - 1:,}, which are those of the vocabulary,"
    return UsageError(
        f"ids: got {one_line(repr(value))[:80]}, expected ids{known} in a sequence, or sequences "
        "of them; give what encode or a record has given"
    )
