"""What crosses a shuffle comes out as it went in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.runtime.packing import binary, least_uint, lists, pack, pack_table, unpack

BATCHES = {
    "empty": pa.record_batch({"a": pa.array([], pa.int64()), "b": pa.array([], pa.binary())}),
    "plain": pa.record_batch({"a": pa.array([1, 2]), "b": pa.array([b"", b"\xff\n"])}),
    "lists": pa.record_batch({"ids": pa.array([[1, 2], [], [3]], pa.list_(pa.uint8()))}),
    "empty lists": pa.record_batch({"ids": pa.array([[], []], pa.list_(pa.uint16()))}),
    "no columns": pa.RecordBatch.from_arrays([], names=[]),
    "floats": pa.record_batch({"x": pa.array([0.1, -0.0], pa.float32())}),
}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
def test_round_trip(batch: pa.RecordBatch) -> None:
    assert unpack(pack(batch)).equals(batch)
    assert unpack(pack(batch)).schema == batch.schema


@pytest.mark.parametrize("name", ["empty", "plain", "lists"])
def test_tables_round_trip(name: str) -> None:
    batch = BATCHES[name]
    assert unpack(pack_table(pa.Table.from_batches([batch]))).equals(batch)


def test_a_table_of_many_chunks_is_one_batch() -> None:
    batch = BATCHES["plain"]
    packed = pack_table(pa.Table.from_batches([batch, batch.slice(1), batch.slice(0, 0)]))
    assert unpack(packed).to_pydict() == {"a": [1, 2, 2], "b": [b"", b"\xff\n", b"\xff\n"]}


def test_a_table_without_chunks() -> None:
    schema = pa.schema({"token": pa.binary(), "count": pa.int64()})
    assert unpack(pack_table(pa.Table.from_batches([], schema=schema))).schema == schema


def test_a_slice_packs_only_its_rows() -> None:
    batch = pa.record_batch({"a": pa.array(np.random.default_rng(0).bytes(8) for _ in range(9999))})
    assert unpack(pack(batch.slice(5, 1))).equals(batch.slice(5, 1))
    assert len(pack(batch.slice(5, 1))) < 2000


WIDTHS = [
    (0, np.uint8),
    (1, np.uint8),
    (2**8, np.uint8),
    (2**8 + 1, np.uint16),
    (2**16, np.uint16),
    (2**16 + 1, np.uint32),
    (2**32, np.uint32),
    (2**32 + 1, np.uint64),
    (2**63, np.uint64),
]


@pytest.mark.parametrize(("below", "dtype"), WIDTHS)
def test_least_uint(below: int, dtype: type) -> None:
    values = np.array([0, max(below - 1, 0)], np.int64)
    narrow = least_uint(values, below)
    assert narrow.dtype == dtype
    assert narrow.tolist() == values.tolist()


@pytest.mark.parametrize(("below", "dtype"), WIDTHS)
def test_lists_of_every_width_round_trip(below: int, dtype: type) -> None:
    top = max(below - 1, 0)
    column = lists(least_uint(np.array([0, top, top], np.int64), below), np.array([2, 0, 1]))
    assert column.type == pa.list_(pa.from_numpy_dtype(dtype))
    batch = pa.record_batch([column], names=["ids"])
    assert unpack(pack(batch)).column("ids").to_pylist() == [[0, top], [], [top]]


@given(st.lists(st.lists(st.integers(0, 2**40), max_size=5), max_size=5))
def test_lists(rows: list[list[int]]) -> None:
    flat = np.array([value for row in rows for value in row], np.int64)
    assert lists(flat, np.array([len(row) for row in rows], np.int64)).to_pylist() == rows


def test_lists_of_arrow_values() -> None:
    values = binary(np.array([b"a", b"", b"\xff"], object))
    assert values.type == pa.binary()
    assert lists(values, np.array([1, 2])).to_pylist() == [[b"a"], [b"", b"\xff"]]
