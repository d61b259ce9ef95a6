"""Arrow IPC files and streams: the rows of any batches, in memory bounded by a slice."""

from __future__ import annotations

import io
import struct

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_files import ipc, read_files

from beam_jobs.sources import check_inputs, expand, input_splits, parse_inputs, read_rows
from beam_jobs.sources.columns.input_column import input_columns
from beam_jobs.sources.readers import arrow_ipc
from beam_jobs.sources.readers.arrow_messages import batch_head, decoded_bytes, record_batches
from preprocess.core.errors import InputError
from preprocess.core.storage import storage_of
from preprocess.core.storage.local_storage import LocalStorage
from preprocess.spec import parse_spec

SPEC = "features: {text: {}}\nkeep: [id]"
TEXT = "features: {text: {}}"
OPTIONS = [{}, {"compression": "lz4"}, {"compression": "zstd"}, {"emit_dictionary_deltas": True}]
KINDS = [
    *(pa.string(), pa.large_string(), pa.string_view(), pa.binary()),
    pa.dictionary(pa.int8(), pa.string()),
]


@given(st.data())
def test_any_batches(tmp_path_factory, data):
    texts = data.draw(st.lists(st.none() | st.text(max_size=20), min_size=1, max_size=40))
    kind, options = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(OPTIONS))
    table = pa.table({"id": range(len(texts)), "text": pa.array(texts).cast(kind)})
    content = ipc(table, data.draw(st.integers(1, 9)), data.draw(st.booleans()), **options)
    path = tmp_path_factory.mktemp("ipc") / "a.arrow"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow_ipc, "SPLIT_BYTES", data.draw(st.integers(1, 400)))
        patch.setattr(arrow_ipc, "rows_at_once", lambda _: data.draw(st.integers(1, 5)))
        if any(text is not None for text in texts):
            found = read_files(SPEC, path)
            good = [(i, text.encode()) for i, text in enumerate(texts) if text is not None]
            assert [(row["_row"], row["text"]) for row in found.rows] == good
            assert [row["id"] for row in found.rows] == [i for i, _ in good]
            assert {r.row for r in found.rejects} == {i for i, t in enumerate(texts) if t is None}


def test_a_file_is_cut_by_record_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(arrow_ipc, "SPLIT_BYTES", 1)
    (tmp_path / "a.feather").write_bytes(ipc(pa.table({"text": list("abcdefg")}), rows=3))
    [file] = expand(parse_inputs([str(tmp_path / "a.feather")]))
    found = [(s.start, s.stop, s.end, s.first_row) for s in input_splits(file)]
    assert found == [(0, 1, 3, 0), (1, 2, 3, 3), (2, 3, 3, 6)]


@pytest.mark.parametrize("stream", [False, True])
def test_no_rows(tmp_path, stream):
    (tmp_path / "a.arrow").write_bytes(
        ipc(pa.table({"text": pa.array([], pa.string())}), 1, stream)
    )
    with pytest.raises(InputError, match=r"a\.arrow: got no rows"):
        read_files(TEXT, tmp_path / "a.arrow")


def slices(path, spec=TEXT):
    parsed = parse_spec(spec)
    [file] = expand(parse_inputs([str(path)]), parsed)
    columns = input_columns(parsed, None, cells=False)
    for input_split in input_splits(file):
        yield from arrow_ipc.blocks(input_split, columns)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_large_batch_comes_in_slices_that_own_their_memory(tmp_path, kind):
    texts = pa.array([f"{n:0800}" for n in range(100_000)], kind)
    path = tmp_path / "a.arrow"
    path.write_bytes(ipc(pa.table({"text": texts}), rows=len(texts)))
    found, row = [], 0
    for block in slices(path):
        [column] = block.table.columns
        assert sum(buffer.size for buffer in column.buffers() if buffer) < 10 << 20
        assert block.rows.tolist() == list(range(row, row + len(column)))
        row += len(column)
        found.append(column.cast(texts.type))
    assert pa.chunked_array(found).combine_chunks().equals(texts)


@pytest.mark.parametrize("stream", [False, True])
def test_a_large_batch_is_never_in_memory_as_a_whole(tmp_path, stream):
    texts = [f"{n:0800}" for n in range(100_000)]
    table = pa.table({"text": texts, "other": texts})
    path = tmp_path / "a.arrow"
    path.write_bytes(ipc(table, rows=len(texts), stream=stream))
    before = pa.total_allocated_bytes()
    most = max(pa.total_allocated_bytes() - before for _ in slices(path))
    assert 1 << 20 < most < 40 << 20


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_rows_of_unlike_length_come_in_smaller_slices(tmp_path, monkeypatch, kind):
    monkeypatch.setattr("beam_jobs.sources.readers.arrow_parts._MOST_BYTES", 1000)
    texts = ["a"] * 200 + ["b" * 900] * 5 + ["c"] * 200
    path = tmp_path / "a.arrow"
    path.write_bytes(ipc(pa.table({"text": pa.array(texts, kind)}), rows=405))
    sizes = [sum(map(len, block.table.column(0).to_pylist())) for block in slices(path)]
    assert sum(sizes) == 200 + 4500 + 200 and max(sizes) <= 1900
    assert len(sizes) == 5


def test_a_dictionary_whose_values_are_large(tmp_path):
    """Some kilobytes, of which 2.4 GB would be made in one batch."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 8192, pa.int32()), ["x" * 300_000])
    (tmp_path / "a.arrow").write_bytes(ipc(pa.table({"text": column}), rows=8192))
    spec, rows = parse_spec(TEXT), 0
    files = expand(parse_inputs([str(tmp_path / "a.arrow")]), spec)
    for item in read_rows(files, spec, check_inputs(files, spec)):
        if isinstance(item, pa.RecordBatch):
            assert item.nbytes < 100 << 20
            rows += item.num_rows
    assert rows == 8192


def test_what_must_be_read_as_a_whole_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(arrow_ipc, "_MAX_BATCH_BYTES", 10_000)
    table, path = pa.table({"text": ["a" * 100] * 200}), tmp_path / "a.arrow"
    path.write_bytes(ipc(table, rows=200))
    assert len(read_files(TEXT, path).rows) == 200
    path.write_bytes(ipc(table, rows=90, compression="zstd"))
    assert len(read_files(TEXT, path).rows) == 200
    path.write_bytes(ipc(table, rows=200, compression="zstd"))
    message = r"a\.arrow: got a record batch of 2\d,\d{3} bytes, expected at most 10,000, as"
    with pytest.raises(InputError, match=message):
        read_files(TEXT, path)


class Unmapped(LocalStorage):
    """A storage whose files the system does not know."""

    def open(self, path):
        with super().open(path) as file:
            return io.BytesIO(file.read())


@pytest.mark.parametrize("stream", [False, True])
def test_a_storage_without_files_of_the_system(tmp_path, monkeypatch, stream):
    monkeypatch.setattr("beam_jobs.sources.raw_files.storage_of", lambda path: Unmapped())
    path = tmp_path / "a.arrow"
    path.write_bytes(ipc(pa.table({"id": range(9), "text": list("abcdefghi")}), 2, stream))
    assert [row["id"] for row in read_files(SPEC, path).rows] == list(range(9))


@pytest.mark.parametrize("options", OPTIONS)
def test_sizes_before_compression(tmp_path, options):
    texts = pa.array([f"text {n} " * 20 for n in range(50)])
    path = tmp_path / "a.arrow"
    path.write_bytes(ipc(pa.table({"text": texts}), rows=50, **options))
    with storage_of(str(path)).open(str(path)) as file:
        [block] = record_batches(file, path.stat().st_size)
        head = batch_head(file, block)
        assert head.rows == 50
        assert 0 <= decoded_bytes(file, head) - texts.nbytes < 128


def test_values_outside_of_the_file_are_damage(tmp_path):
    content = ipc(pa.table({"text": ["abcdefgh" * 4, "ijklmnop" * 4]}))
    offsets = np.array([0, 32, 64], np.int32).tobytes()
    at = content.index(offsets)
    for wrong in ([0, 32, 1 << 30], [0, 1 << 20, 64], [64, 0, 32], [-5, 32, 64]):
        damaged = content[:at] + np.array(wrong, np.int32).tobytes() + content[at + 12 :]
        (tmp_path / "a.arrow").write_bytes(damaged)
        with pytest.raises(InputError, match=r"a\.arrow: got data that cannot be read"):
            read_files(TEXT, tmp_path / "a.arrow")


@given(st.data())
def test_damage_anywhere_is_named_or_harmless(tmp_path_factory, data):
    content = bytearray(ipc(pa.table({"text": [f"text {n}" for n in range(6)]}), 2))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=3)):
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.arrow"
    path.write_bytes(content)
    try:
        found = read_files(TEXT, path)
        assert len(found.rows) + len(found.rejects) == found.books[0].read
    except InputError as error:
        assert str(path) in str(error)


def test_a_text_that_is_not_utf8_is_one_row(tmp_path):
    column = pa.array([b"a", b"caf\xe9", b"b"]).view(pa.string())
    (tmp_path / "a.arrow").write_bytes(ipc(pa.table({"text": column}), rows=3))
    found = read_files(TEXT, tmp_path / "a.arrow")
    assert found.column("text") == [b"a", b"b"]
    assert [reject.row for reject in found.rejects] == [1]


def test_a_stream_without_its_end_is_cut(tmp_path):
    content = ipc(pa.table({"text": list("abcd")}), stream=True)
    assert content.endswith(struct.pack("<ii", -1, 0))
    (tmp_path / "a.arrow").write_bytes(content[:-8])
    with pytest.raises(InputError, match=r"a\.arrow: .*a stream that comes to its end"):
        read_files(TEXT, tmp_path / "a.arrow")
