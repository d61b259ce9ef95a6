"""Every Arrow type in every role: the right value, or refused by name before any row is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import ipc, read_files

from preprocess.core.errors import InputError

DAY = dt.date(2026, 1, 2)
NOON = dt.datetime(2026, 1, 2, 12)
NO_UTF8 = b"caf\xe9"

SPECS = {
    "text": "features: {c: {}}",
    "numeric": "features: {text: {}, c: {kind: numeric}}",
    "binary": "features: {text: {}}\nlabels: {c: {kind: binary}}",
    "category": "features: {text: {}}\nlabels: {c: {kind: category}}",
    "multilabel": "features: {text: {}}\nlabels: {c: {kind: multilabel}}",
    "number": "features: {text: {}}\nlabels: {c: {kind: number}}",
    "vector": "features: {text: {}}\nlabels: {c: {kind: number, size: 2}}",
    "keep": "features: {text: {}}\nkeep: [c]",
    "split": "features: {text: {}}\nsplits: {column: c, map: {%s: train}}",
}

Column = tuple[pa.Array, dict[str, list[Any]]]


def texts(array: pa.Array, kept: list[Any]) -> Column:
    names = [value or None for value in kept]  # no class is empty
    lists = [None if value is None else [value] if value else [] for value in kept]
    return array, {
        "text": kept,
        "category": names,
        "multilabel": lists,
        "keep": kept,
        "split": names,
    }


def numbers(array: pa.Array, floats: list[Any], classes: list[Any], kept: list[Any]) -> Column:
    bits = [int(value) if value in (0, 1) else None for value in floats]
    roles = {"numeric": floats, "number": floats, "binary": bits, "keep": kept}
    return array, {**roles, "category": classes, "split": classes}


def moments(array: pa.Array, classes: list[Any], kept: list[Any]) -> Column:
    return array, {"category": classes, "split": classes, "keep": kept}


A, E, NONE = b"a", "é".encode(), None
ONE, TWO, INTS = [1.0, 2.0, None], [b"1", b"2", None], [1, 2, None]
DECIMALS = [Decimal("1.00"), Decimal("2.50"), None]
HALVES, HALF_CLASSES = [1.0, 2.5, None], [b"1", b"2.5", None]
CLOCK = [b"01:02:03.000", None]

TYPES: dict[str, Column] = {
    "string": texts(pa.array(["a", "", "é", None]), [A, b"", E, NONE]),
    "large_string": texts(pa.array(["a", None], pa.large_string()), [A, NONE]),
    "string_view": texts(pa.array(["a", "é", None], pa.string_view()), [A, E, NONE]),
    "binary": texts(pa.array([b"a", NO_UTF8, None]), [A, NONE, NONE]),
    "large_binary": texts(pa.array([b"a", NO_UTF8], pa.large_binary()), [A, NONE]),
    "binary_view": texts(pa.array([b"a", NO_UTF8, None], pa.binary_view()), [A, NONE, NONE]),
    "fixed_size_binary": texts(pa.array([b"ab", b"\xff\xfe"], pa.binary(2)), [b"ab", NONE]),
    "dictionary": texts(pa.array(["a", "é", None]).dictionary_encode(), [A, E, NONE]),
    **{
        str(kind): numbers(pa.array([1, 2, None], kind), ONE, TWO, INTS)
        for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())
    },
    **{
        str(kind): numbers(pa.array([1, 2, None], kind), ONE, TWO, INTS)
        for kind in (pa.uint8(), pa.uint16(), pa.uint32())
    },
    "uint64": numbers(
        pa.array([1, 2**64 - 1], pa.uint64()),
        [1.0, 2.0**64],
        [b"1", b"18446744073709551615"],
        [b"1", b"18446744073709551615"],
    ),
    "large int64": numbers(
        pa.array([2**53 + 1, -(2**63)]),
        [2.0**53, -(2.0**63)],
        [b"9007199254740993", b"-9223372036854775808"],
        [2**53 + 1, -(2**63)],
    ),
    "dictionary of int": numbers(pa.array([1, 2, None]).dictionary_encode(), ONE, TWO, INTS),
    "bool": numbers(
        pa.array([True, False, None]),
        [1.0, 0.0, None],
        [b"true", b"false", None],
        [b"true", b"false", None],
    ),
    "halffloat": numbers(
        pa.array([1.0, 2.5, None], pa.float16()), HALVES, HALF_CLASSES, [b"1.0", b"2.5", None]
    ),
    "float": numbers(
        pa.array([1.0, 2.5, None, float("nan"), 1e39], pa.float32()),
        [*HALVES, None, None],
        [*HALF_CLASSES, None, None],
        [b"1.0", b"2.5", None, b"nan", b"inf"],
    ),
    "double": numbers(
        pa.array([1234567890.0, 1234567891.0, 0.1, 1e39]),
        [1234567936.0, 1234567936.0, pytest.approx(0.1), None],
        [b"1234567890", b"1234567891", b"0.1", b"%d" % int(1e39)],
        [b"1234567890.0", b"1234567891.0", b"0.1", b"1e+39"],
    ),
    **{
        str(kind): numbers(pa.array(DECIMALS, kind), HALVES, HALF_CLASSES, [b"1.00", b"2.50", None])
        for kind in (
            pa.decimal32(5, 2),
            pa.decimal64(9, 2),
            pa.decimal128(20, 2),
            pa.decimal256(50, 2),
        )
    },
    "date32": moments(pa.array([DAY, None]), [b"2026-01-02", None], [b"2026-01-02", None]),
    "date64": moments(pa.array([DAY], pa.date64()), [b"2026-01-02"], [b"2026-01-02"]),
    "time32": moments(pa.array([dt.time(1, 2, 3), None], pa.time32("ms")), CLOCK, CLOCK),
    "time64": moments(
        pa.array([dt.time(1, 2, 3)], pa.time64("us")), [b"01:02:03.000000"], [b"01:02:03.000000"]
    ),
    "timestamp": moments(
        pa.array([NOON, None], pa.timestamp("us")),
        [b"2026-01-02 12:00:00.000000", None],
        [b"2026-01-02T12:00:00.000000", None],
    ),
    "timestamp of a zone": moments(
        pa.array([NOON], pa.timestamp("ms", "Asia/Tokyo")),
        [b"2026-01-02 12:00:00.000Z"],
        [b"2026-01-02T12:00:00.000Z"],
    ),
    "bool8": (pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1], pa.int8())), {}),
    "uuid": (pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16], pa.binary(16))), {}),
    "json": (pa.ExtensionArray.from_storage(pa.json_(), pa.array(["1"])), {}),
    "duration": (pa.array([1], pa.duration("s")), {}),
    "null": (pa.nulls(2), {}),
    "struct": (pa.array([{"a": 1}]), {}),
    "map": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), {}),
    "list of lists": (pa.array([[["a"]]]), {}),
    **{
        str(kind): (
            pa.array([["b", "a", "b"], [], None, ["é", None], [""]], kind),
            {"multilabel": [[b"b", A], [], None, None, []]},
        )
        for kind in (
            pa.list_(pa.string()),
            pa.large_list(pa.string()),
            pa.list_view(pa.string()),
            pa.large_list_view(pa.string()),
            pa.list_(pa.string_view()),
            pa.list_(pa.large_string()),
        )
    },
    **{
        str(kind): (
            pa.array([[1, 2], [3], None, [4, 5]], kind),
            {
                "multilabel": [[b"1", b"2"], [b"3"], None, [b"4", b"5"]],
                "vector": [[1.0, 2.0], None, None, [4.0, 5.0]],
            },
        )
        for kind in (
            pa.list_(pa.int64()),
            pa.list_view(pa.int32()),
            pa.large_list(pa.float64()),
            pa.list_(pa.decimal128(5, 1)),
        )
    },
    "fixed_size_list": (
        pa.array([[1.0, 2.5]], pa.list_(pa.float32(), 2)),
        {"multilabel": [[b"1", b"2.5"]], "vector": [[1.0, 2.5]]},
    ),
    "fixed_size_list of texts": (
        pa.array([["a", "b"]], pa.list_(pa.string(), 2)),
        {"multilabel": [[A, b"b"]]},
    ),
}


WRITE = {
    "parquet": lambda table, path: pq.write_table(table, path),
    "arrow": lambda table, path: path.write_bytes(ipc(table)),
    "arrows": lambda table, path: path.write_bytes(ipc(table, stream=True, compression="lz4")),
}


@pytest.mark.parametrize("suffix", WRITE)
@pytest.mark.parametrize("role", SPECS)
@pytest.mark.parametrize("name", TYPES)
def test_a_type_in_a_role(tmp_path, name, role, suffix):
    column, roles = TYPES[name]
    path = tmp_path / f"a.{suffix}"
    text = pa.array(["x"] * len(column))
    table = {"c": column} if role == "text" else {"text": text, "c": column}
    WRITE[suffix](pa.table(table), path)
    spec = SPECS[role]
    if role == "split":
        known = [value.decode() for value in roles.get(role, []) if value is not None]
        spec = spec % ": train, ".join(f"'{value}'" for value in known or ["a"])
    if role not in roles:
        with pytest.raises(InputError, match=rf"a\.{suffix}: column 'c': got the type "):
            read_files(spec, path)
        return
    found = read_files(spec, path)
    expected = [(row, value) for row, value in enumerate(roles[role]) if value is not None]
    if role == "split":
        assert [row["_row"] for row in found.rows] == [row for row, _ in expected]
    else:
        assert [(row["_row"], row["c"]) for row in found.rows] == expected
    assert len(found.rows) + len(found.rejects) == len(column)
    assert all(reject.reason.startswith("column 'c': got ") for reject in found.rejects)
