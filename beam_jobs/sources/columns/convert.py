"""Raw Arrow arrays → canonical arrays.

Every function takes an array of any type and gives one of the canonical type of equal length, in
which a null marks a value that cannot be used. All of them work on whole arrays, and what becomes
of a value depends on that value alone, never on its neighbours.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_INTEGER = r"^[+-]?[0-9]+$"
_MAX_INT64 = pa.scalar(2**63 - 1, pa.uint64())
_EXACT = float(2**53)  # below it every integer has a float64 of its own


def plain(raw: pa.Array) -> pa.Array:
    """`raw` with a dictionary replaced by its values, and views and large types by plain ones."""
    if pa.types.is_dictionary(raw.type):
        return plain(raw.dictionary_decode())
    if is_textual(raw.type) and raw.type != pa.binary():
        # Through the binary twin, as casts between text types check UTF-8 for the whole array.
        large = pa.types.is_large_string(raw.type)
        return raw.cast(pa.large_binary() if large else pa.binary()).cast(pa.binary())
    return raw


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
    checks = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(check(kind) for check in checks)


def to_python(raw: pa.Array) -> list[object]:
    """The values for messages; texts as bytes, as they may be no UTF-8."""
    raw = plain(raw)
    if is_listed(raw.type) and is_textual(raw.type.value_type):
        raw = raw.cast(pa.large_list(pa.large_binary()))
    return list(raw.to_pylist())


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
    """Texts, integers, booleans, dates, times, decimals and whole floats → binary."""
    raw = plain(raw)
    kind = raw.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return raw.cast(pa.string()).cast(pa.binary())
    if pa.types.is_floating(kind):
        return whole_numbers(raw).cast(pa.string()).cast(pa.binary())
    if pa.types.is_timestamp(kind) and kind.tz:
        raw = raw.cast(pa.timestamp(kind.unit, "UTC"))  # needs no time zone database
    if is_moment(kind):
        return raw.cast(pa.string()).cast(pa.binary())
    return texts(raw)


def names(raw: pa.Array) -> pa.Array:
    """Names out of texts, integers, booleans, dates and the like: as `words`, but none is empty."""
    return _where(words(raw), lambda array: pc.greater(pc.binary_length(array), 0))


def whole_numbers(raw: pa.Array) -> pa.Array:
    """Integers, booleans and whole floats → int64."""
    raw = plain(raw)
    kind = raw.type
    if pa.types.is_boolean(kind):
        return raw.cast(pa.int8()).cast(pa.int64())
    if pa.types.is_uint64(kind):
        raw = _where(raw, lambda array: pc.less_equal(array, _MAX_INT64))
    if pa.types.is_floating(kind):
        raw = raw.cast(pa.float64())
        raw = _where(raw, lambda array: pc.and_(_is_whole(array), _is_exact(array)))
    elif not pa.types.is_integer(kind):
        return _nothing(raw, pa.int64())
    return raw.cast(pa.int64())


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


def _is_whole(array: pa.Array) -> pa.Array:
    return pc.equal(array, pc.floor(array))


def _is_exact(array: pa.Array) -> pa.Array:
    return pc.less_equal(pc.abs(array), _EXACT)


def _nothing(raw: pa.Array, kind: pa.DataType) -> pa.Array:
    return pa.nulls(len(raw), kind)


def _utf8_or_none(value: bytes | None) -> bytes | None:
    try:
        return value if value is None or value.decode("utf-8") is not None else None
    except UnicodeDecodeError:
        return None


def _int64_or_none(value: str | None) -> int | None:
    return int(value) if value is not None and -(2**63) <= int(value) < 2**63 else None
