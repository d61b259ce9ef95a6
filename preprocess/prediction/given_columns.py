"""Columns as a program gives them, checked and turned into arrays."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.core.columns import RawColumn
from preprocess.core.errors import UsageError, one_line
from preprocess.core.token_lists import padded

Column = NDArray[Any] | Sequence[Any]

_PLACE_BYTES = 8  # of a token
_NUMBERS = "buif"  # NumPy's kinds of dtype


def row_count(name: str, values: Column) -> int:
    """The rows of a column.

    Raises:
      UsageError: it is one text or one number, which is no column.
    """
    if isinstance(values, str | bytes) or not hasattr(values, "__len__"):
        raise UsageError(
            f"{name}: got {_shown(values)}, expected a list with a value for each row; put it in "
            "one"
        )
    return len(values)


def as_array(raw: RawColumn, name: str, values: Column) -> NDArray[Any]:
    """A column as an array of bytes, of lists of bytes, or of float32; shape (rows,).

    Raises:
      UsageError: names the first row that holds something else.
    """
    return _AS_ARRAY[raw](name, values)


def as_tensor(raw: RawColumn, values: NDArray[Any]) -> tf.Tensor:
    """What a signature takes of such an array: (batch,), or (batch, most tokens)."""
    return tf.constant(padded(values) if raw.is_ragged else values)


def as_texts(name: str, values: Column) -> NDArray[np.object_]:
    """bytes, shape (rows,); no dtype of numpy's own, which would drop NULs at the end.

    Raises:
      UsageError: names the first row that is no text, or none that UTF-8 can hold.
    """
    array = np.empty(len(values), object)
    array[:] = [_bytes(name, row, value) for row, value in enumerate(values)]
    return array


def byte_lengths(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    """int64 (rows,): bytes of each text, or of the tokens of each, with some for their places."""
    return np.fromiter(map(_length, texts), np.int64, len(texts))


def _length(text: bytes | list[bytes]) -> int:
    if isinstance(text, bytes):
        return len(text)
    return sum(map(len, text)) + _PLACE_BYTES * len(text)


def as_token_lists(name: str, values: Column) -> NDArray[np.object_]:
    """Lists of bytes, shape (rows,).

    Raises:
      UsageError: names the first row that is no list of texts, or holds what UTF-8 cannot.
    """
    array = np.empty(len(values), object)
    for row, tokens in enumerate(values):
        if isinstance(tokens, str | bytes) or not isinstance(tokens, Sequence | np.ndarray):
            raise _refused(name, row, tokens, "a list of tokens")
        array[row] = [_bytes(name, row, token) for token in tokens]
    return array


def as_floats(name: str, values: Column) -> NDArray[np.float32]:
    """float32, shape (rows,).

    Raises:
      UsageError: names the first row that is no number.
    """
    for row, value in enumerate(values if _dtype_kind(values) not in _NUMBERS else ()):
        if not isinstance(value, Real | np.bool_):
            raise _refused(name, row, value, "a number")
    try:
        return np.asarray(values, np.float32).reshape(len(values))
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(
            f"{name}: got {_shown(values)}, expected a number for each row; correct it"
        ) from error


_AS_ARRAY: Mapping[RawColumn, Callable[[str, Column], NDArray[Any]]] = {
    RawColumn("text"): as_texts,
    RawColumn("text", (None,)): as_token_lists,
    RawColumn("number"): as_floats,
}


def _dtype_kind(values: Column) -> str:
    return values.dtype.kind if isinstance(values, np.ndarray) else "O"


def _bytes(name: str, row: int, value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        if isinstance(value, str):
            return value.encode()
    except UnicodeEncodeError:
        pass
    raise _refused(name, row, value, "a text, str or bytes in UTF-8")


def _refused(name: str, row: int, value: object, expected: str) -> UsageError:
    return UsageError(f"{name}: row {row}: got {_shown(value)}, expected {expected}; correct it")


def _shown(value: object) -> str:
    return one_line(reprlib.repr(value))
