"""Batches are of one split, in the order of the input, and of a few megabytes."""

from __future__ import annotations

import pyarrow as pa
import pytest

from beam_jobs.sources.row_batches import RowBatcher, row_bytes


def rows(*sizes: int, start: int = 0) -> pa.RecordBatch:
    places = pa.array(range(start, start + len(sizes)), pa.int64())
    return pa.RecordBatch.from_arrays(
        [places, pa.array([b"x" * size for size in sizes], pa.binary())], names=["_row", "text"]
    )


def cut(batches: RowBatcher, *added: pa.RecordBatch) -> list[list[int]]:
    out = [batch for part in added for batch in batches.add(0, part)]
    return [batch["_row"].to_pylist() for batch in [*out, *batches.flush()]]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ([rows(1, 1, 1)], [[0, 1, 2]]),
        ([rows(4, 4, 4, 4)], [[0, 1], [2, 3]]),
        ([rows(99, 1, 99)], [[0], [1], [2]]),
        ([rows(3, 3), rows(3, 3, start=2), rows(3, start=4)], [[0, 1, 2], [3, 4]]),
        ([rows(0, 0, 0, 0, 0, 0)], [[0, 1, 2, 3], [4, 5]]),
        ([rows(0), rows(0, 0, 0, 0, start=1)], [[0, 1, 2, 3], [4]]),
    ],
)
def test_sizes(added, expected):
    assert cut(RowBatcher(max_bytes=10, max_rows=4), *added) == expected


def test_splits_do_not_mix():
    batches = RowBatcher(max_bytes=10, max_rows=2)
    assert list(batches.add(1, rows(1))) == list(batches.add(0, rows(1))) == []
    [*full] = batches.add(1, rows(1, 1, start=1))
    assert [batch["_row"].to_pylist() for batch in full] == [[0, 1]]
    assert [batch["_row"].to_pylist() for batch in batches.flush()] == [[0], [2]]
    assert list(batches.flush()) == []


def test_row_bytes():
    assert row_bytes(rows(3, 0, 5)).tolist() == [3, 0, 5]


def test_large_files_come_in_order(read, write):
    text = [{"text": f"{i} " + "x" * (i % 700)} for i in range(20_000)]
    got = read("features: {text: {}}", write("a.jsonl", text))
    assert got.column("text") == [row["text"].encode() for row in text]
    assert len(got.batches) > 2
    assert all(batch.num_rows <= 8192 for batch in got.batches)
    assert all(row_bytes(batch).sum() <= 4 << 20 for batch in got.batches)
