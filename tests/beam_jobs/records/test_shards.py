"""Dealing records out, and the bytes of a shard."""

from __future__ import annotations

import gzip
import hashlib
import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf
from beam_rows import JOB, PLAN, RECORDS, SPEC, rows_of
from hypothesis import given
from hypothesis import strategies as st

from beam_jobs.records import example_encoder, shard_rows
from beam_jobs.records.assign_shards import _groups
from beam_jobs.records.example_encoder import ExampleEncoder
from beam_jobs.records.shard_rows import HIGH, LOW, ShardRows, concat
from beam_jobs.records.shards import WriteShard, WrittenShard
from beam_jobs.runtime.packing import pack
from beam_jobs.runtime.spill import Spill
from preprocess.artifact.layout import Layout

KEY = (1, 1, 0)
NAME = "examples/train/bucket-00004/part-00000-of-00002.tfrecord"


def _rows(count: int, first: int = 0, width: pa.DataType | None = None) -> pa.RecordBatch:
    """Rows as `AssignShards` packs them: with fingerprints, and not in their order."""
    raw = rows_of([""] * (first + count)).slice(first)
    ids = pa.array([[1 + n % 3] * (n % 4) for n in range(first, first + count)])
    sequence = ids.cast(pa.list_(width or pa.uint8()))
    columns = {name: raw.column(name) for name in raw.schema.names if name != "_split"}
    columns |= {"text": sequence, "title": pa.array([[2]] * count, pa.list_(pa.uint8()))}
    columns["topic"] = pa.array([0] * count, pa.int64())
    columns["tags"] = pa.array([[1]] * count, pa.list_(pa.int64()))
    columns["_source"] = pa.array([n % 2 for n in range(count)], pa.int32())
    batch = pa.RecordBatch.from_pydict(columns)
    high, low = ExampleEncoder(RECORDS).fingerprints(batch)
    return batch.append_column(HIGH, pa.array(high)).append_column(LOW, pa.array(low))


def _written(
    folder: Path, chunks: list[pa.RecordBatch], compression: str = "gzip"
) -> tuple[WrittenShard, bytes]:
    output = SPEC.output.model_copy(update={"compression": compression})
    layout = Layout(str(folder))
    job = replace(JOB, spec=SPEC.model_copy(update={"output": output}), layout=layout)
    job.__dict__["splits"] = ["validation", "train"]
    spill = Spill(layout.workspace)
    references = [spill.write(pack(chunk)) for chunk in chunks]
    spill.close()
    [shard] = WriteShard(job).process((KEY, [None, *references]), PLAN)
    return shard, Path(layout.path(shard.file.path)).read_bytes()


def _by_tensorflow(path: Path, records: list[bytes]) -> bytes:
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)
    return path.read_bytes()


def _expected(chunks: list[pa.RecordBatch]) -> list[bytes]:
    """The records in the order of their fingerprints, sorted by plain Python."""
    records = []
    for rows in chunks:
        keys = zip(rows[HIGH].to_pylist(), rows[LOW].to_pylist(), strict=True)
        records += zip(keys, ExampleEncoder(RECORDS).examples(rows, 4), strict=True)
    return [record for _, record in sorted(records)]


def test_bytes_are_tensorflows(tmp_path: Path) -> None:
    chunks = [_rows(5), _rows(4, first=5, width=pa.uint32())]
    shard, data = _written(tmp_path, chunks, "none")
    assert data == _by_tensorflow(tmp_path / "expected", _expected(chunks))
    assert shard.file.path == NAME
    assert shard.split == 1


def test_gzip_holds_the_same_and_no_time(tmp_path: Path) -> None:
    chunks = [_rows(9)]
    shard, data = _written(tmp_path, chunks)
    assert shard.file.path == f"{NAME}.gz"
    assert gzip.decompress(data) == _by_tensorflow(tmp_path / "expected", _expected(chunks))
    assert data[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"  # magic, deflate, no name, no time


def test_the_second_half_of_a_fingerprint_decides_where_the_first_ties(tmp_path: Path) -> None:
    rows = _rows(4)
    halves = {HIGH: [9, 3, 9, 3], LOW: [1, 8, 0, 7]}
    for name, values in halves.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(values))
    _, data = _written(tmp_path, [rows], "none")
    assert data == _by_tensorflow(tmp_path / "expected", _expected([rows]))


@pytest.mark.parametrize("compression", ["gzip", "none"])
def test_what_the_manifest_says(tmp_path: Path, compression: str) -> None:
    shard, data = _written(tmp_path, [_rows(5)], compression)
    plain = gzip.decompress(data) if compression == "gzip" else data
    assert shard.file.records == 5
    assert shard.file.bytes == len(data)
    assert shard.file.sha256 == hashlib.sha256(data).hexdigest()
    assert shard.file.sha256_records == hashlib.sha256(plain).hexdigest()
    assert shard.sources == {0: 3, 1: 2}


@pytest.mark.parametrize("compression", ["gzip", "none"])
def test_an_empty_shard_is_written(tmp_path: Path, compression: str) -> None:
    shard, data = _written(tmp_path, [], compression)
    assert (shard.file.records, shard.sources) == (0, {})
    assert (gzip.decompress(data) if compression == "gzip" else data) == b""
    assert shard.file.sha256_records == hashlib.sha256(b"").hexdigest()


def test_the_order_of_pieces_does_not_matter(tmp_path: Path) -> None:
    chunks = [_rows(3), _rows(4, first=3, width=pa.uint16()), _rows(2, first=7)]
    one_way = _written(tmp_path / "a", chunks)
    other_way = _written(tmp_path / "b", chunks[::-1])
    assert one_way == other_way


def test_many_chunks(tmp_path: Path) -> None:
    shard, data = _written(tmp_path, [_rows(2500)], "none")
    path = tmp_path / "again"
    path.write_bytes(data)
    assert shard.file.records == 2500
    ids = [
        tf.train.Example.FromString(record.numpy()).features.feature["id"].int64_list.value[0]
        for record in tf.data.TFRecordDataset(str(path))
    ]
    assert sorted(ids) == list(range(2500))
    assert ids != sorted(ids)


@pytest.mark.parametrize("numbers", [1, 30, 1_000_000])
def test_the_bytes_do_not_depend_on_the_size_of_a_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: int
) -> None:
    chunks = [_rows(7), _rows(4, first=7, width=pa.uint32())]
    expected = _by_tensorflow(tmp_path / "expected", _expected(chunks))
    monkeypatch.setattr(example_encoder, "_CHUNK_NUMBERS", numbers)
    assert _written(tmp_path, [_rows(7), _rows(4, first=7, width=pa.uint32())], "none")[1] == (
        expected
    )


@pytest.mark.parametrize(("batch_bytes", "steps"), [(1, 1), (1, 3), (700, 2)])
def test_the_bytes_do_not_depend_on_how_rows_are_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_bytes: int, steps: int
) -> None:
    chunks = [_rows(7), _rows(4, first=7, width=pa.uint32()), _rows(9, first=11)]
    expected = _written(tmp_path / "a", chunks, "none")
    monkeypatch.setattr(example_encoder, "_CHUNK_NUMBERS", 60)
    monkeypatch.setattr(shard_rows, "_BATCH_BYTES", batch_bytes)
    monkeypatch.setattr(shard_rows, "_STEPS", steps)
    assert _written(tmp_path / "b", chunks, "none") == expected


@given(st.lists(st.lists(st.integers(0, 5), min_size=1)), st.integers(1, 4), st.integers(1, 200))
def test_rows_are_taken_in_the_order_of_their_fingerprints(
    chunks: list[list[int]], step: int, batch_bytes: int
) -> None:
    places = itertools.count()
    batches = [
        pa.record_batch(
            {
                "_source": [n % 2 for n in high],
                HIGH: high,
                LOW: [-next(places) for _ in high],
                "text": pa.array([[n] * n for n in high], pa.list_(pa.uint8())),
            }
        )
        for high in chunks
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shard_rows, "_BATCH_BYTES", batch_bytes)
        rows = ShardRows(batches)
        taken = list(rows.taken(step))
    ordered = sorted(n for high in chunks for n in high)
    assert [text for batch in taken for text in batch["text"].to_pylist()] == [
        [n] * n for n in ordered
    ]
    assert all(1 <= len(batch) <= step for batch in taken) and len(rows) == len(ordered)
    assert rows.sources == Counter(n % 2 for n in ordered)
    if ordered:
        assert rows.column("text").to_pylist() == [[n] * n for n in ordered]


def test_a_shard_that_is_there_already_is_replaced(tmp_path: Path) -> None:
    _written(tmp_path, [_rows(5)], "none")
    shard, data = _written(tmp_path, [_rows(1)], "none")
    assert (shard.file.records, shard.file.bytes) == (1, len(data))


def test_nothing_temporary_stays_in_the_examples(tmp_path: Path) -> None:
    _written(tmp_path, [_rows(5)])
    files = [path for path in (tmp_path / "examples").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["part-00000-of-00002.tfrecord.gz"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=30))
def test_groups(pairs: list[tuple[int, int]]) -> None:
    buckets, shards = np.array(pairs, np.int64).T
    groups = list(_groups(5, buckets, shards))
    keys = [key for key, _ in groups]
    assert keys == sorted({(5, *pair) for pair in pairs})
    for (_, bucket, shard), chosen in groups:
        assert chosen.tolist() == [n for n, pair in enumerate(pairs) if pair == (bucket, shard)]


def test_concat_of_ids_of_different_width() -> None:
    tables = [
        pa.table({"ids": pa.array([[1]], pa.list_(dtype))})
        for dtype in (pa.uint8(), pa.uint16(), pa.uint32())
    ]
    assert concat(tables)["ids"].to_pylist() == [[1], [1], [1]]


def test_shards_are_even() -> None:
    shards = Counter((_rows(400)[HIGH].to_numpy() % 4).tolist())
    assert set(shards) == {0, 1, 2, 3}
    assert max(shards.values()) < 150
