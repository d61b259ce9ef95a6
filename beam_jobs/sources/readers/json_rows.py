"""JSON lines one by one: for the blocks that pyarrow refuses, and for a look at the first rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from beam_jobs.sources.block import Block, rejected
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.readers.json_values import (
    OPAQUE,
    WrittenFloat,
    common_type,
    fitting,
    null_type,
    stored,
    type_of,
    unified,
    written_int,
)
from beam_jobs.sources.rejects import shown
from preprocess.core.first_bytes import UTF8_BOM

# pyarrow reads JSON texts as strings only.
_TEXTS = {pa.binary(): pa.string(), pa.list_(pa.binary()): pa.list_(pa.string())}


_parse = json.JSONDecoder(
    parse_int=written_int, parse_float=WrittenFloat, parse_constant=WrittenFloat
).decode


@dataclass(frozen=True)
class _Row:
    place: int
    values: tuple[object, ...]
    types: tuple[pa.DataType, ...]


def blocks(
    texts: Sequence[bytes], places: npt.NDArray[np.int64], columns: Sequence[InputColumn]
) -> Iterator[Block]:
    """Reads lines one by one; neighbours whose values are of equal types form a block."""
    unique = _unique(columns)
    bad: list[tuple[int, str]] = []
    rows = (_read(text, int(at), unique, bad) for text, at in zip(texts, places, strict=True))
    good = [row for row in rows if row is not None]
    for types, run in groupby(good, lambda row: row.types):
        yield _block(list(run), types, unique)
    yield rejected(bad)


def _unique(columns: Sequence[InputColumn]) -> list[InputColumn]:
    """Each raw column once; one that has two roles is left to both as it is."""
    counts = Counter(column.key for column in columns)
    unique = {column.key: column for column in reversed(columns)}
    return [c if counts[c.key] == 1 else replace(c, type=pa.null()) for c in unique.values()]


def objects(texts: Iterable[bytes]) -> list[dict[str, Any]]:
    """The lines that are objects."""
    found = [_loaded(text) for text in texts]
    return [row for row in found if isinstance(row, dict)]


def types(rows: Sequence[dict[str, Any]], names: Iterable[str]) -> dict[str, pa.DataType | None]:
    """The type that all values of a column share; columns that no row has are left out."""
    result: dict[str, pa.DataType | None] = {}
    for name in names:
        values = [row[name] for row in rows if name in row]
        if values:
            kind = common_type(values)
            result[name] = _TEXTS.get(kind, kind)
    return result


def _read(
    text: bytes, place: int, columns: Sequence[InputColumn], bad: list[tuple[int, str]]
) -> _Row | None:
    row = _loaded(text)
    if not isinstance(row, dict):
        what = row if isinstance(row, str) else f"a line that holds {shown(row)}"
        bad.append((place, f"got {what}, expected a JSON object"))
        return None
    values = tuple(unified(stored(row.get(column.source)), column) for column in columns)
    kinds = tuple(type_of(v, null_type(c)) for v, c in zip(values, columns, strict=True))
    for column, value, kind in zip(columns, values, kinds, strict=True):
        if kind == OPAQUE:
            got = shown(value)
            bad.append((place, f"column {column.source!r}: got {got}, expected {column.expected}"))
            return None
    return _Row(place, values, kinds)


def _loaded(text: bytes) -> object:
    """The value of a line; for broken JSON a text that says what is wrong."""
    try:
        # A mark that files joined by `cat` have inside, which parsers may ignore (RFC 8259).
        return _parse(text.removeprefix(UTF8_BOM).decode("utf-8", "surrogateescape"))
    except RecursionError:
        return "JSON that is nested too deeply"
    except ValueError as error:
        return f"broken JSON ({str(error).split(':')[0]})"


def _block(
    rows: Sequence[_Row], types: Sequence[pa.DataType], columns: Sequence[InputColumn]
) -> Block:
    arrays = [
        pa.array([fitting(row.values[i], kind) for row in rows], kind)
        for i, kind in enumerate(types)
    ]
    names = [column.key for column in columns]
    table = pa.RecordBatch.from_arrays(arrays, names=names)
    return Block(table, np.array([row.place for row in rows], np.int64), [])
