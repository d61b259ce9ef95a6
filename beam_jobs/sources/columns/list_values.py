"""Raw Arrow arrays that hold lists → canonical lists; nulls mark rows that cannot be used."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.sources.columns import convert


def class_lists(raw: pa.Array, separator: str) -> pa.Array:
    """Lists of class names, or texts that `separator` cuts into some → list<binary>.

    Duplicates are removed and the order kept; empty names are dropped; those cut from a text are
    stripped too.
    """
    raw = convert.plain(raw)
    if convert.is_listed(raw.type):
        return _distinct(_each(raw, convert.words, pa.binary()))
    cut = pc.split_pattern(convert.texts(raw).cast(pa.string()), separator)
    return _distinct(_each(cut, _stripped, pa.binary()))


def text_lists(raw: pa.Array) -> pa.Array:
    """Lists of texts → list<binary>, valid UTF-8."""
    raw = convert.plain(raw)
    if not convert.is_listed(raw.type):
        return pa.nulls(len(raw), pa.list_(pa.binary()))
    return _each(raw, convert.texts, pa.binary())


def vectors(raw: pa.Array, size: int) -> pa.Array:
    """Lists of exactly `size` numbers → list<float32>."""
    raw = convert.plain(raw)
    if not convert.is_listed(raw.type):
        return pa.nulls(len(raw), pa.list_(pa.float32()))
    lists = _each(raw, convert.floats, pa.float32())
    fits = pc.equal(pc.list_value_length(lists), size)
    return pc.if_else(fits, lists, pa.scalar(None, lists.type))


def flattened(raw: pa.Array) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """The values of all lists that are not null, and the row of each."""
    # Not pc.list_parent_indices: a null list may still cover values, which that would count.
    return np.repeat(np.arange(len(raw)), _lengths(raw)), pc.list_flatten(raw)


def _stripped(values: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(values).cast(pa.binary())


def _each(raw: pa.Array, change: Callable[[pa.Array], pa.Array], kind: pa.DataType) -> pa.Array:
    """Applies `change` to all values; a list with one that cannot be used becomes null."""
    rows, values = flattened(raw)
    values = change(values) if len(rows) else pa.array([], kind)
    bad = np.array(pc.is_null(raw))
    bad[rows[np.asarray(pc.is_null(values))]] = True
    return _assembled(values, _lengths(raw), bad)


def _distinct(lists: pa.Array) -> pa.Array:
    """Lists of names without empty and repeated ones."""
    rows, values = flattened(lists)
    codes = np.asarray(values.dictionary_encode().indices).astype(np.int64)
    _, first = np.unique(rows * (len(values) + 1) + codes, return_index=True)
    named = np.asarray(pc.greater(pc.binary_length(values), 0))
    kept = np.sort(first[named[first]])
    lengths = np.bincount(rows[kept], minlength=len(lists))
    return _assembled(values.take(pa.array(kept)), lengths, np.asarray(pc.is_null(lists)))


def _lengths(raw: pa.Array) -> npt.NDArray[np.int64]:
    return np.asarray(pc.fill_null(pc.list_value_length(raw), 0)).astype(np.int64)


def _assembled(
    values: pa.Array, lengths: npt.NDArray[np.int64], bad: npt.NDArray[np.bool_]
) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(bad))
