"""Files that are cut short or damaged end the job and are named."""

from __future__ import annotations

import gzip
import hashlib
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import encoded

from beam_jobs.sources import (
    SourceFile,
    check_inputs,
    expand,
    input_splits,
    parse_inputs,
    read_rows,
)
from preprocess.core.errors import InputError
from preprocess.spec import parse_spec

SPEC = "features: {text: {}}"
ROWS = [{"text": f"text {i} " * 40} for i in range(50)]


def damaged(name: str) -> bytes:
    """A file in the format of `name`, compressed as its suffix says."""
    data = b"x\n" * 5000 if ".txt" in name else encoded(name, ROWS)
    return gzip.compress(data) if name.endswith(".gz") else data


@pytest.mark.parametrize(
    "name",
    [
        *("a.jsonl.gz", "a.csv.gz", "a.txt.gz", "a.tfrecord.gz", "a.tfrecord", "a.parquet"),
        *("a.arrow", "a.arrows"),
    ],
)
@pytest.mark.parametrize("cut", [0.5, -1, -5])
def test_cut_short(read, tmp_path, name, cut):
    data = damaged(name)
    (tmp_path / name).write_bytes(data[: int(len(data) * cut) if cut == 0.5 else cut])
    with pytest.raises(InputError, match=rf"{name}: .*got .*expected .*; ") as caught:
        read(SPEC, tmp_path / name)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "name", ["a.jsonl.gz", "a.tfrecord", "a.tfrecord.gz", "a.parquet", "a.arrow"]
)
def test_not_what_the_suffix_says(read, tmp_path, name):
    (tmp_path / name).write_bytes(b"this is plain text, whatever it is called\n")
    with pytest.raises(InputError, match=name):
        read(SPEC, tmp_path / name)


def test_empty_parquet_is_no_parquet(read, tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"a\.parquet: got data that cannot be read"):
        read(SPEC, tmp_path / "a.parquet")


@pytest.mark.parametrize("at", [0, 9, 14, -1])
def test_flipped_bits_in_a_tfrecord(read, tmp_path, at):
    data = bytearray(damaged("a.tfrecord"))
    data[at] ^= 1
    (tmp_path / "a.tfrecord").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.tfrecord: byte \d+: got .* fail.* checksum"):
        read(SPEC, tmp_path / "a.tfrecord")


def test_flipped_bits_in_gzip(read, tmp_path):
    data = bytearray(damaged("a.jsonl.gz"))
    data[-6] ^= 1  # the checksum
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.jsonl\.gz: .*CRC"):
        read(SPEC, tmp_path / "a.jsonl.gz")


def test_damaged_parquet_pages(read, tmp_path):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(ROWS), sink, use_dictionary=False)
    data = bytearray(sink.getvalue().to_pybytes())
    data[4:120] = bytes(116)
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.parquet: got data that cannot be read"):
        read(SPEC, tmp_path / "a.parquet")


CHANGES = {"shorter": lambda data: data[: len(data) // 2], "longer": lambda data: data * 2}
EVERY = [
    *("a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.gz", "a.tsv", "a.txt", "a.tfrecord", "a.parquet"),
    *("a.arrow", "a.arrows", "a.feather"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", EVERY)
def test_a_file_that_changes_before_it_is_read(write, name, change):
    rows = b"a\nb\n" * 50 if name == "a.txt" else [{"text": str(n)} for n in range(50)]
    path, spec = write(name, rows), parse_spec("features: {text: {}}")
    files = expand(parse_inputs([str(path)]), spec)
    schema = check_inputs(files, spec)
    path.write_bytes(CHANGES[change](path.read_bytes()))
    message = rf"{name}: got [\d,]+ bytes, expected {files[0].size:,} as when the job began"
    with pytest.raises(InputError, match=message):
        list(read_rows(files, spec, schema))


@pytest.mark.parametrize(
    "name",
    ["a.jsonl", "a.csv", "a.txt", "a.jsonl.gz", "a.tfrecord", "a.arrow", "a.arrows"],
)
def test_a_file_that_shrinks_while_it_is_read(write, name):
    texts = [hashlib.sha256(b"%d" % n).hexdigest() * 2000 for n in range(100)]
    rows = "\n".join(texts).encode() if name == "a.txt" else [{"text": text} for text in texts]
    path, spec = write(name, rows), parse_spec("features: {text: {}}")
    files = expand(parse_inputs([str(path)]), spec)
    items = read_rows(files, spec, check_inputs(files, spec))
    next(items)
    os.truncate(path, files[0].size * 2 // 3)
    with pytest.raises(InputError, match=rf"{name}: got .*expected {files[0].size:,} "):
        list(items)


def test_data_that_end_before_they_should(write, monkeypatch):
    """The size is still that of before, as a stale listing may have it."""
    path, spec = write("a.jsonl", [{"text": str(n)} for n in range(100)]), parse_spec(SPEC)
    files = expand(parse_inputs([str(path)]), spec)
    schema = check_inputs(files, spec)
    os.truncate(path, 500)
    monkeypatch.setattr("beam_jobs.sources.raw_files.check_size", lambda file: None)
    with pytest.raises(InputError, match=r"a\.jsonl: got data that end at byte 500, expected"):
        list(read_rows(files, spec, schema))


FIXED = pa.list_(pa.float64(), 2)
FIXED_SIZE = {
    "a null list": (pa.array([[1.0, 2.0], None], FIXED), False),
    "a null inside": (pa.array([[1.0, 2.0], [None, 1.0]], FIXED), False),
    "no null": (pa.array([[1.0, 2.0], [3.0, 4.0]], FIXED), True),
}


@pytest.mark.parametrize("name", FIXED_SIZE)
def test_lists_of_fixed_size(read, tmp_path, name):
    column, is_read = FIXED_SIZE[name]
    pq.write_table(pa.table({"text": ["x", "y"], "place": column}), tmp_path / "a.parquet")
    spec = SPEC + "\nlabels: {place: {kind: number, size: 2}}"
    if is_read:
        assert read(spec, tmp_path / "a.parquet").column("place") == [[1.0, 2.0], [3.0, 4.0]]
        return
    with pytest.raises(InputError, match=r"column 'place': got lists of fixed size of which some"):
        read(spec, tmp_path / "a.parquet")


@pytest.mark.parametrize("options", [{}, {"use_dictionary": False, "compression": "zstd"}])
def test_pages_that_are_too_large(read, tmp_path, monkeypatch, options):
    monkeypatch.setattr("beam_jobs.sources.readers.parquet._MAX_PAGE_BYTES", 15_000)
    small, large = [f"a {n}" for n in range(20_000)], ["b" * 20_000]
    pq.write_table(
        pa.table({"text": small}), tmp_path / "a.parquet", data_page_size=1000, **options
    )
    if options:  # a dictionary of 20,000 texts is a page too
        assert len(read(SPEC, tmp_path / "a.parquet").rows) == 20_000
    pq.write_table(pa.table({"text": small + large}), tmp_path / "a.parquet", **options)
    with pytest.raises(InputError, match=r"column 'text': got a page of [\d,]+ bytes, expected at"):
        read(SPEC, tmp_path / "a.parquet")


@pytest.mark.parametrize("store_schema", [True, False])
def test_a_dictionary_whose_values_are_large(tmp_path, store_schema):
    """Some kilobytes, of which 2.4 GB would be made in one batch."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 8192, pa.int32()), ["x" * 300_000])
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet", store_schema=store_schema)
    spec, rows = parse_spec(SPEC), 0
    files = expand(parse_inputs([str(tmp_path / "a.parquet")]), spec)
    for item in read_rows(files, spec, check_inputs(files, spec)):
        if isinstance(item, pa.RecordBatch):
            assert item.nbytes < 100 << 20
            rows += item.num_rows
    assert rows == 8192


def test_a_file_that_went_away():
    with pytest.raises(InputError, match=r"a\.parquet: got no such file"):
        input_splits(SourceFile(0, "/nowhere/a.parquet", 10, None, "parquet"))
