"""Files that are cut short or damaged end the job and are named."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import encoded

from beam_jobs.sources import SourceFile, input_splits
from preprocess.core.errors import InputError

SPEC = "features: {text: {}}"
ROWS = [{"text": f"text {i} " * 40} for i in range(50)]


def damaged(name: str) -> bytes:
    """A file in the format of `name`, compressed as its suffix says."""
    data = b"x\n" * 5000 if ".txt" in name else encoded(name, ROWS)
    return gzip.compress(data) if name.endswith(".gz") else data


@pytest.mark.parametrize(
    "name", ["a.jsonl.gz", "a.csv.gz", "a.txt.gz", "a.tfrecord.gz", "a.tfrecord", "a.parquet"]
)
@pytest.mark.parametrize("cut", [0.5, -1, -5])
def test_cut_short(read, tmp_path, name, cut):
    data = damaged(name)
    (tmp_path / name).write_bytes(data[: int(len(data) * cut) if cut == 0.5 else cut])
    with pytest.raises(InputError, match=rf"{name}: .*got .*expected .*; ") as caught:
        read(SPEC, tmp_path / name)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.tfrecord", "a.tfrecord.gz", "a.parquet"])
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


@pytest.mark.parametrize("last", [b'"b\nc\nd\n', b'e\n"b\nc,\n,,\n', b'"b'])
def test_a_quote_that_is_never_closed(read, write, last):
    path = write("a.csv", b"text,n\na,1\nx,2\nb," + last)
    with pytest.raises(InputError, match=r"a\.csv: row \d: got a quote that is never closed"):
        read(SPEC, path)


def test_csv_row_of_many_megabytes(read, write, monkeypatch):
    monkeypatch.setattr("beam_jobs.sources.readers.delimited._LONGEST_ROW", 64)
    with pytest.raises(InputError, match=r"a\.csv: got data that cannot be read.*keep rows below"):
        read(SPEC, write("a.csv", b"text\n" + b"x" * 1000 + b"\n"))


def test_a_file_that_went_away():
    with pytest.raises(InputError, match=r"a\.parquet: got no such file"):
        input_splits(SourceFile(0, "/nowhere/a.parquet", 10, None, "parquet"))
