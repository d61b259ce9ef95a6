"""Raw Arrow arrays → canonical arrays.

Every function takes an array of any type and gives one of the canonical type of equal length, in
which a null marks a value that cannot be used. All of them work on whole arrays, and what becomes
of a value depends on that value alone, never on its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_INTEGER = r"^[+-]?[0-9]+$"
_MAX_INT64 = 2**63 - 1


def plain(raw: pa.Array) -> pa.Array:
    """`raw` without dictionaries, views and large types, which few of Arrow's functions take."""
    if pa.types.is_dictionary(raw.type):
        return plain(raw.dictionary_decode())
    if is_textual(raw.type) and raw.type != pa.binary():
        # Through the binary twin, as casts between text types check UTF-8 for the whole array.
        large = pa.types.is_large_string(raw.type)
        return raw.cast(pa.large_binary() if large else pa.binary()).cast(pa.binary())
    if pa.types.is_decimal32(raw.type) or pa.types.is_decimal64(raw.type):
        return raw.cast(pa.decimal128(raw.type.precision, raw.type.scale))
    if is_listed(raw.type):
        return _plain_lists(raw)
    return raw


def _plain_lists(raw: pa.Array) -> pa.Array:
    kind = raw.type.value_type
    if pa.types.is_list(raw.type) and plain(pa.nulls(0, kind)).type == kind:
        return raw
    values = plain(pc.list_flatten(raw))
    # Not by a cast, which loses values of list views (Arrow 25).
    lengths = pc.fill_null(pc.list_value_length(raw), 0)
    offsets = pc.cumulative_sum(pa.concat_arrays([pa.array([0], lengths.type), lengths]))
    return pa.ListArray.from_arrays(offsets.cast(pa.int32()), values, mask=raw.is_null())


def is_textual(kind: pa.DataType) -> bool:
    """Whether values of this type are texts or bytes."""
    checks = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_binary_view,
        pa.types.is_fixed_size_binary,
    )
    return any(check(kind) for check in checks)


def is_moment(kind: pa.DataType) -> bool:
    """Whether values of this type are dates, times or both."""
    checks = (pa.types.is_date, pa.types.is_time, pa.types.is_timestamp)
    return any(check(kind) for check in checks)


def is_listed(kind: pa.DataType) -> bool:
    """Whether values of this type are lists."""
    checks = (
        pa.types.is_list,
        pa.types.is_large_list,
        pa.types.is_fixed_size_list,
        pa.types.is_list_view,
        pa.types.is_large_list_view,
    )
    return any(check(kind) for check in checks)


def to_python(raw: pa.Array) -> list[object]:
    """The values for messages; texts as bytes, as they may be no UTF-8."""
    raw = plain(raw)
    if is_listed(raw.type) and is_textual(raw.type.value_type):
        raw = raw.cast(pa.large_list(pa.large_binary()))
    try:
        return list(raw.to_pylist())
    except (ValueError, OverflowError):  # a time that Python has none of
        return list(raw.cast(pa.string()).to_pylist())


def texts(raw: pa.Array) -> pa.Array:
    """Texts → binary, valid UTF-8."""
    raw = plain(raw)
    return valid_utf8(raw) if raw.type == pa.binary() else _nothing(raw, pa.binary())


def valid_utf8(raw: pa.Array) -> pa.Array:
    """binary → binary, null where it is not UTF-8."""
    try:
        raw.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([_utf8_or_none(value) for value in raw.to_pylist()], pa.binary())
    return raw


def within(raw: pa.Array, max_bytes: int) -> pa.Array:
    """binary → binary, null where it is longer than `max_bytes`."""
    fits = pc.less_equal(pc.binary_length(raw), max_bytes)
    return pc.if_else(fits, raw, pa.scalar(None, raw.type))


def words(raw: pa.Array) -> pa.Array:
    """Texts, numbers, booleans, dates and times → binary, as a class or a split is called.

    A whole number is written without a point, of whatever type it is, and another as the shortest
    text that stands for it; so 1, 1.0 and 1.00 are one class.
    """
    raw = plain(raw)
    kind = raw.type
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _each_distinct(raw, name_of, pa.binary())
    return _written(raw)


def name_of(value: Any) -> bytes | None:
    """A number as a class or a split is called; None if it is not finite."""
    if isinstance(value, int):
        return str(value).encode()
    if not math.isfinite(value):
        return None
    if value == int(value):
        return str(int(value)).encode()
    if isinstance(value, Decimal) and Decimal(repr(float(value))) != value:
        return f"{value:f}".rstrip("0").encode()  # a float has not its digits
    return str(float(value) if isinstance(value, Decimal) else value).encode()


def mapped(raw: pa.Array, values: Mapping[str, int]) -> pa.Array:
    """What `values` makes of texts, numbers, booleans, dates and the like → int64."""
    keys = pa.array([key.encode() for key in values], pa.binary())
    places = pc.index_in(words(raw), value_set=keys, skip_nulls=True)
    return pa.array(list(values.values()), pa.int64()).take(places)


def names(raw: pa.Array) -> pa.Array:
    """Names out of texts, numbers, booleans, dates and the like: as `words`, but none is empty."""
    return not_empty(words(raw))


def not_empty(raw: pa.Array) -> pa.Array:
    """binary → binary, null where it is empty."""
    return _where(raw, lambda array: pc.greater(pc.binary_length(array), 0))


def exact_texts(raw: pa.Array) -> pa.Array:
    """Texts, numbers, booleans, dates and times → binary, from which each can be had again.

    Floats are the shortest text that stands for them among floats of their width (Python's
    `repr`), decimals have all their places, dates and times are those of ISO 8601.
    """
    raw = plain(raw)
    if pa.types.is_floating(raw.type):
        return _each_distinct(raw, lambda value: str(value).encode(), pa.binary())
    written = _written(raw)
    if pa.types.is_timestamp(raw.type):
        return pc.replace_substring(written, b" ", b"T")
    return written


def integers(raw: pa.Array) -> pa.Array:
    """Integers of any width → int64."""
    raw = plain(raw)
    return whole_numbers(raw) if pa.types.is_integer(raw.type) else _nothing(raw, pa.int64())


def whole_numbers(raw: pa.Array) -> pa.Array:
    """Integers, booleans, whole floats and whole decimals → int64."""
    raw = plain(raw)
    kind = raw.type
    if pa.types.is_boolean(kind):
        return raw.cast(pa.int8()).cast(pa.int64())
    if pa.types.is_uint64(kind):
        raw = _where(raw, lambda array: pc.less_equal(array, pa.scalar(_MAX_INT64, pa.uint64())))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _each_distinct(raw, _int64_of, pa.int64())
    return raw.cast(pa.int64()) if pa.types.is_integer(kind) else _nothing(raw, pa.int64())


def floats(raw: pa.Array) -> pa.Array:
    """Integers, booleans, floats and decimals → float32, finite."""
    raw = plain(raw)
    kind = raw.type
    if pa.types.is_boolean(kind):
        raw = raw.cast(pa.int8())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return _nothing(raw, pa.float32())
    # safe=False: integers beyond 2^53 are rounded, as any float32 would be.
    return _where(raw.cast(pa.float64(), safe=False).cast(pa.float32()), pc.is_finite)


def bits(raw: pa.Array) -> pa.Array:
    """0, 1, false, true → int64."""
    return _where(whole_numbers(raw), lambda array: pc.is_in(array, pa.array([0, 1], pa.int64())))


def cells_as_floats(raw: pa.Array) -> pa.Array:
    """Numbers written as text → float64; "nan" and "inf" are none."""
    return _matching(raw, _NUMBER).cast(pa.float64())


def cells_as_integers(raw: pa.Array) -> pa.Array:
    """Integers written as text → int64."""
    text = _matching(raw, _INTEGER)
    try:
        return pc.replace_substring_regex(text, r"^\+", "").cast(pa.int64())
    except pa.ArrowInvalid:  # one of them is beyond int64
        return pa.array([_int64_or_none(value) for value in text.to_pylist()], pa.int64())


def cells_as_bits(raw: pa.Array) -> pa.Array:
    """0, 1, false or true written as text, in any case → float64 0 or 1."""
    lower = pc.utf8_lower(_trimmed(raw))
    lower = pc.if_else(pc.equal(lower, "true"), "1", lower)
    return cells_as_floats(pc.if_else(pc.equal(lower, "false"), "0", lower))


def _trimmed(raw: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(texts(raw).cast(pa.string()))


def _matching(raw: pa.Array, pattern: str) -> pa.Array:
    return _where(_trimmed(raw), lambda array: pc.match_substring_regex(array, pattern))


def _where(array: pa.Array, is_good: object) -> pa.Array:
    good = is_good(array)  # type: ignore[operator]
    return pc.if_else(good, array, pa.scalar(None, array.type))


def _written(raw: pa.Array) -> pa.Array:
    kind = raw.type
    if pa.types.is_timestamp(kind) and kind.tz:
        raw = raw.cast(pa.timestamp(kind.unit, "UTC"))  # needs no time zone database
    checks = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_decimal, is_moment)
    if any(check(kind) for check in checks):
        return _printed(raw).cast(pa.binary())
    return texts(raw)


def _printed(raw: pa.Array) -> pa.Array:
    """The texts that Arrow makes of values; null for times that it has none for."""
    return _where(raw.cast(pa.string()), lambda texts: pc.invert(pc.starts_with(texts, "<value ")))


def _each_distinct(
    raw: pa.Array, change: Callable[[Any], bytes | int | None], kind: pa.DataType
) -> pa.Array:
    """Changes numbers by what their Python or numpy value is, each distinct one once."""
    is_half = pa.types.is_float16(raw.type)  # of which Arrow makes no dictionary
    encoded = pc.dictionary_encode(raw.view(pa.uint16()) if is_half else raw)
    distinct = encoded.dictionary.view(raw.type) if is_half else encoded.dictionary
    if pa.types.is_floating(raw.type):  # numpy's scalars keep the width
        values = list(distinct.to_numpy(zero_copy_only=False))
    else:
        values = distinct.to_pylist()
    return pa.array([change(value) for value in values], kind).take(encoded.indices)


def _int64_of(value: Any) -> int | None:
    is_whole = math.isfinite(value) and value == int(value)
    return int(value) if is_whole and -(2**63) <= value < 2**63 else None


def _nothing(raw: pa.Array, kind: pa.DataType) -> pa.Array:
    return pa.nulls(len(raw), kind)


def _utf8_or_none(value: bytes | None) -> bytes | None:
    try:
        return value if value is None or value.decode("utf-8") is not None else None
    except UnicodeDecodeError:
        return None


def _int64_or_none(value: str | None) -> int | None:
    return int(value) if value is not None and -(2**63) <= int(value) < 2**63 else None
