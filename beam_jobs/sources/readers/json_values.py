"""Values of JSON lines: as Arrow stores them, and of like types where that changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import pyarrow as pa

from beam_jobs.sources.columns.convert import name_of
from beam_jobs.sources.columns.input_column import InputColumn

OPAQUE = pa.struct([])  # stands for values that no column can hold
_MOST_DIGITS = 4300  # that Python makes an integer of
_EXACT = 2**53  # up to it every integer has a float64 of its own
_NULLS = {pa.binary(): pa.binary(), pa.float32(): pa.float64(), pa.int64(): pa.int64()}


def stored(value: object) -> object:
    """`value` with texts as bytes: those of the file even where they are no UTF-8."""
    if isinstance(value, list):  # no column holds lists in lists
        return [item if isinstance(item, list) else stored(item) for item in value]
    if not isinstance(value, str):
        return value
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate: stays invalid and is refused as such
        return value.encode("utf-8", "surrogatepass")


class Written:
    """A number that knows its text."""

    text: bytes

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)  # type: ignore[call-arg]  # of the number's own type
        number.text = text.encode()
        return number


class WrittenInt(Written, int):
    """An integer that knows its text."""


class WrittenFloat(Written, float):
    """A float that knows its text."""


def written_int(text: str) -> Written:
    """An integer of JSON; one of more digits than Python reads is beyond all numbers."""
    return WrittenInt(text) if len(text) <= _MOST_DIGITS else WrittenFloat(text)


def unified(value: object, column: InputColumn) -> object:
    """`value` in the type that most values of the column have, where it comes to the same.

    Rows of equal types are converted together; without this 3 and 3.5, or 1 and "1", would part
    their rows. What is wrong stays as it is, to be refused as such.
    """
    kind = column.read_as
    if column.as_written:
        return _written(value)
    is_list = pa.types.is_list(kind)
    if (kind.value_type if is_list else kind) == pa.binary() and not column.names_numbers:
        return value
    if isinstance(value, list) and is_list:
        return [_unified(item, kind.value_type) for item in value]
    return _unified(value, kind)


def _written(value: object) -> object:
    if isinstance(value, Written):
        return value.text
    return _boolean(value) if isinstance(value, bool) else value


def _unified(value: object, kind: pa.DataType) -> object:
    if kind == pa.binary():
        return _named(value)
    if not isinstance(value, bool | int | float) or not -_EXACT <= value <= _EXACT:
        return value
    if kind == pa.float32():
        return float(value.text if isinstance(value, Written) else value)  # -0 has a sign
    return int(value) if kind == pa.int64() and value == int(value) else value


def _named(value: object) -> object:
    """A number or boolean as it is called."""
    if isinstance(value, bool):
        return _boolean(value)
    name = name_of(value) if isinstance(value, int | float) else None
    return value if name is None else name


def _boolean(value: bool) -> bytes:
    return b"true" if value else b"false"


def type_of(value: object, null: pa.DataType | None = None) -> pa.DataType:
    """The Arrow type of a value; `null` for a null."""
    match value:
        case None:
            return null or pa.null()
        case bool():
            return pa.bool_()
        case int():
            return pa.int64() if -(2**63) <= value < 2**63 else pa.float64()
        case float():
            return pa.float64()
        case bytes() | str():
            return pa.binary()
        case list():
            return _list_type(value)
    return OPAQUE


def null_type(column: InputColumn) -> pa.DataType:
    """The type that stands for nulls among the values of `column`."""
    return _NULLS.get(column.read_as, pa.null())


def common_type(values: Iterable[object]) -> pa.DataType | None:
    """The type that all values share, integers among floats being floats; else None."""
    kinds = {type_of(value) for value in values} - {pa.null()}
    if kinds == {pa.int64(), pa.float64()}:
        return pa.float64()
    kind = kinds.pop() if len(kinds) == 1 else None
    return None if kind in (OPAQUE, pa.list_(pa.null())) else kind


def fitting(value: object, kind: pa.DataType) -> object:
    """Integers beyond int64 as floats, which Arrow does not do by itself."""
    if kind == pa.float64() and isinstance(value, int):
        return float(value) if abs(value) < 10**300 else float("inf")
    if kind == pa.list_(pa.float64()) and isinstance(value, list):
        return [fitting(item, pa.float64()) for item in value]
    return value


def _list_type(values: list[object]) -> pa.DataType:
    if any(isinstance(value, list | dict) for value in values):  # however deep they are nested
        return OPAQUE
    kinds = {type_of(value) for value in values} - {pa.null()}
    if kinds == {pa.int64(), pa.float64()}:
        return pa.list_(pa.float64())
    if len(kinds) > 1:
        return OPAQUE
    return pa.list_(kinds.pop() if kinds else pa.null())
