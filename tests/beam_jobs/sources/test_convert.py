"""Arrow arrays of any type to canonical arrays; null marks what cannot be used."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from beam_jobs.sources.columns import convert, list_values

S, B, D = pa.string(), pa.binary(), Decimal
DAY = dt.date(2026, 1, 2)
NOON = dt.datetime(2026, 1, 2, 12, 0, 0)


def dictionary(values: list, kind: pa.DataType = S) -> pa.Array:
    return pa.array(values, kind).dictionary_encode()


TEXTS = {
    "string": (pa.array(["a", "", None, "ü"], S), [b"a", b"", None, "ü".encode()]),
    "large_string": (pa.array(["a", None], pa.large_string()), [b"a", None]),
    "string_view": (pa.array(["a", None], pa.string_view()), [b"a", None]),
    "large_binary": (pa.array([b"a", b"\xff"], pa.large_binary()), [b"a", None]),
    "fixed": (pa.array([b"ab", b"\xff\xfe"], pa.binary(2)), [b"ab", None]),
    "dictionary": (dictionary(["a", "b", "a", None]), [b"a", b"b", b"a", None]),
    "invalid string": (pa.array([b"a", b"\xff", b"\xed\xa0\x80"], B).view(S), [b"a", None, None]),
    "int": (pa.array([1]), [None]),
    "list": (pa.array([["a"]]), [None]),
    "null": (pa.nulls(2), [None, None]),
    "empty": (pa.array([], S), []),
}
WORDS = {
    "string": (pa.array(["a", ""], S), [b"a", b""]),
    "int": (pa.array([7, -1, None], pa.int8()), [b"7", b"-1", None]),
    "uint64": (pa.array([2**64 - 1], pa.uint64()), [b"18446744073709551615"]),
    "bool": (pa.array([True, False, None]), [b"true", b"false", None]),
    "float": (
        pa.array([1.0, 1.5, float("nan"), 1e300]),
        [b"1", b"1.5", None, str(int(1e300)).encode()],
    ),
    "half": (pa.array([2.0, 0.5], pa.float16()), [b"2", b"0.5"]),
    "narrow": (pa.array([0.1, 16777216.0], pa.float32()), [b"0.1", b"16777216"]),
    "decimal": (pa.array([D("1.50"), D("-2.00"), D("0.00")]), [b"1.5", b"-2", b"0"]),
    "date": (pa.array([DAY]), [b"2026-01-02"]),
    "date64": (pa.array([DAY], pa.date64()), [b"2026-01-02"]),
    "time": (pa.array([dt.time(1, 2, 3)], pa.time32("s")), [b"01:02:03"]),
    "timestamp": (pa.array([NOON], pa.timestamp("s")), [b"2026-01-02 12:00:00"]),
    "zoned": (pa.array([NOON], pa.timestamp("s", "Asia/Tokyo")), [b"2026-01-02 12:00:00Z"]),
    "duration": (pa.array([1], pa.duration("s")), [None]),
    "dictionary of int": (dictionary([3, 3], pa.int64()), [b"3", b"3"]),
}
FLOATS = {
    "int": (pa.array([1, None]), [1.0, None]),
    "uint64": (pa.array([2**64 - 1], pa.uint64()), [2.0**64]),
    "float": (pa.array([1.5, float("inf"), float("nan"), 1e39]), [1.5, None, None, None]),
    "half": (pa.array([1.5], pa.float16()), [1.5]),
    "bool": (pa.array([True, False]), [1.0, 0.0]),
    "decimal": (pa.array([D("1.25")]), [1.25]),
    "string": (pa.array(["1"]), [None]),
    "date": (pa.array([DAY]), [None]),
}
WHOLE = {
    "int": (pa.array([1, -1, None]), [1, -1, None]),
    "uint64": (pa.array([1, 2**63], pa.uint64()), [1, None]),
    "float": (pa.array([1.0, 1.5, 2.0**54, 2.0**63]), [1, None, 2**54, None]),
    "decimal": (pa.array([D("1.00"), D("1.50"), None]), [1, None, None]),
    "bool": (pa.array([True, None]), [1, None]),
    "string": (pa.array(["1"]), [None]),
}
BITS = {
    "int": (pa.array([0, 1, 2, -1, None]), [0, 1, None, None, None]),
    "float": (pa.array([0.0, 1.0, 0.5]), [0, 1, None]),
    "decimal": (pa.array([D("0"), D("1"), D("2")]), [0, 1, None]),
    "bool": (pa.array([True, False]), [1, 0]),
}
EXACT = {
    "double": (
        pa.array([1234567890.0, 1234567891.0, 0.1, 1e16, 5e-324, -0.0, float("nan"), None]),
        [b"1234567890.0", b"1234567891.0", b"0.1", b"1e+16", b"5e-324", b"-0.0", b"nan", None],
    ),
    "float": (pa.array([0.1, 16777216.0], pa.float32()), [b"0.1", b"1.6777216e+07"]),
    "half": (pa.array([0.1, None], pa.float16()), [b"0.1", None]),
    "int": (pa.array([-7, None], pa.int8()), [b"-7", None]),
    "uint64": (pa.array([2**64 - 1], pa.uint64()), [b"18446744073709551615"]),
    "bool": (pa.array([True, False]), [b"true", b"false"]),
    "decimal": (pa.array([D("1.50"), D("2.00")]), [b"1.50", b"2.00"]),
    "date": (pa.array([DAY]), [b"2026-01-02"]),
    "time": (pa.array([dt.time(1, 2, 3)], pa.time64("us")), [b"01:02:03.000000"]),
    "timestamp": (pa.array([NOON], pa.timestamp("ms")), [b"2026-01-02T12:00:00.000"]),
    "zoned": (pa.array([NOON], pa.timestamp("s", "Asia/Tokyo")), [b"2026-01-02T12:00:00Z"]),
    "string": (pa.array(["a b", "", None]), [b"a b", b"", None]),
    "list": (pa.array([["a"]]), [None]),
}
CASES = [
    *((convert.exact_texts, B, name, *case) for name, case in EXACT.items()),
    *((convert.texts, B, name, *case) for name, case in TEXTS.items()),
    *((convert.words, B, name, *case) for name, case in WORDS.items()),
    *((convert.floats, pa.float32(), name, *case) for name, case in FLOATS.items()),
    *((convert.whole_numbers, pa.int64(), name, *case) for name, case in WHOLE.items()),
    *((convert.bits, pa.int64(), name, *case) for name, case in BITS.items()),
]


@pytest.mark.parametrize(
    ("change", "kind", "raw", "expected"),
    [pytest.param(f, kind, r, e, id=f"{f.__name__}-{n}") for f, kind, n, r, e in CASES],
)
def test_convert(change, kind, raw, expected):
    got = change(raw)
    assert (got.type, got.to_pylist()) == (kind, expected)
    assert change(raw.slice(len(raw) // 2)).to_pylist() == expected[len(raw) // 2 :]


def test_names_are_not_empty():
    assert convert.names(pa.array(["a", "", None])).to_pylist() == [b"a", None, None]


@pytest.mark.parametrize(
    ("change", "cells", "expected"),
    [
        (
            convert.cells_as_floats,
            [b"1", b" +2.5\t", b"-.5", b"5.", b"1e3", b"", b".", b"0x1", b"1,5", b"\xff", None],
            [1.0, 2.5, -0.5, 5.0, 1000.0, *[None] * 6],
        ),
        (
            convert.cells_as_integers,
            [b"1", b"+2", b"-3", b"007", b"9223372036854775807", b"1.0", b"x", b""],
            [1, 2, -3, 7, 2**63 - 1, None, None, None],
        ),
        (
            convert.cells_as_integers,
            [b"1", b"9223372036854775808", b"-9223372036854775808", b"9" * 30],
            [1, None, -(2**63), None],
        ),
        (
            convert.cells_as_bits,
            [b"0", b"1", b"True", b" FALSE ", b"1.0", b"yes", b""],
            [0.0, 1.0, 1.0, 0.0, 1.0, None, None],
        ),
    ],
)
def test_cells(change, cells, expected):
    assert change(pa.array(cells, B)).to_pylist() == expected


BEYOND = {
    "timestamp": pa.array([2**62, -(2**62), 0], pa.timestamp("us")),
    "date": pa.array([2**31 - 1, -(2**31), 0], pa.int32()).view(pa.date32()),
    "time": pa.array([-1, 86_400_000, 0], pa.int32()).view(pa.time32("ms")),
}


@pytest.mark.parametrize("name", BEYOND)
@pytest.mark.parametrize("change", [convert.words, convert.names, convert.exact_texts])
def test_times_that_arrow_cannot_print_are_none(name, change):
    first, second, third = change(BEYOND[name]).to_pylist()
    assert (first, second) == (None, None) and third[-2:] in (b"00", b"01")
    assert len(convert.to_python(BEYOND[name])) == 3


SMALL = [0.00001, 0.1, 1e-7, 2.5, 1e22, 1.25]


def test_a_number_is_called_alike_by_every_type():
    decimals = pa.array([D(repr(value)) for value in SMALL], pa.decimal256(60, 10))
    assert convert.words(decimals).to_pylist() == convert.words(pa.array(SMALL)).to_pylist()


L = pa.list_(S)
CLASS_LISTS = {
    "list": (
        pa.array([["b", "a", "b"], [], None, ["x", None], [""]], L),
        [[b"b", b"a"], [], None, None, []],
    ),
    "text": (
        pa.array(["b, a ,b", "", " , ", None, "x"]),
        [[b"b", b"a"], [], [], None, [b"x"]],
    ),
    "large": (
        pa.array([["a"], ["a", "b"]], pa.large_list(pa.large_string())),
        [[b"a"], [b"a", b"b"]],
    ),
    "fixed": (
        pa.array([["a", "b"], None, ["c", "c"]], pa.list_(S, 2)),
        [[b"a", b"b"], None, [b"c"]],
    ),
    "ints": (pa.array([[2, 1, 2]]), [[b"2", b"1"]]),
    "floats": (pa.array([[2.0], [2.5]]), [[b"2"], [b"2.5"]]),
    "bytes": (pa.array([[b"\xff"], [b"a"]]), [None, [b"a"]]),
    "dictionary": (dictionary(["a,b", "a,b"]), [[b"a", b"b"]] * 2),
    "int": (pa.array([1]), [None]),
    "empty lists": (pa.array([[], []], pa.list_(pa.null())), [[], []]),
    "no rows": (pa.array([], L), []),
}


@pytest.mark.parametrize(("raw", "expected"), CLASS_LISTS.values(), ids=CLASS_LISTS)
def test_class_lists(raw, expected):
    for start in range(len(raw) + 1):
        got = list_values.class_lists(raw.slice(start), ",")
        assert (got.type, got.to_pylist()) == (pa.list_(B), expected[start:])
        got.validate(full=True)


VECTORS = {
    "list": (
        pa.array([[1.0, 2.0], [1.0], None, [1.0, None], [float("nan"), 1.0], [3.0, 4.0]]),
        [[1.0, 2.0], None, None, None, None, [3.0, 4.0]],
    ),
    "fixed": (
        pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int8(), 2)),
        [[1.0, 2.0], None, [3.0, 4.0]],
    ),
    "text": (pa.array(["1 2"]), [None]),
}


@pytest.mark.parametrize(("raw", "expected"), VECTORS.values(), ids=VECTORS)
def test_vectors(raw, expected):
    for start in range(len(raw) + 1):
        got = list_values.vectors(raw.slice(start), 2)
        assert (got.type, got.to_pylist()) == (pa.list_(pa.float32()), expected[start:])


@pytest.mark.parametrize("kind", [L, pa.large_list(pa.large_string()), pa.list_(S, 1)])
def test_messages_show_lists_of_invalid_texts(kind):
    bad = pa.array([b"\xff"], B).view(S)
    raw = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), bad)
    if pa.types.is_large_list(kind):
        raw = raw.cast(pa.large_list(pa.large_binary()))
    elif pa.types.is_fixed_size_list(kind):
        raw = pa.FixedSizeListArray.from_arrays(bad, 1)
    assert convert.to_python(raw) == [[b"\xff"]]
