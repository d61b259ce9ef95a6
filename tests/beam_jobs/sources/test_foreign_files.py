"""Files that are not what their names say are refused by name before any row is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from source_files import example, framed, ipc, read_files

from preprocess.core.errors import InputError

SPEC = "features: {text: {}}"
ROW = b'{"text": "a good film, all in all"}\n'
TEXT = {
    "a.txt": b"a good film\n" * 20,
    "a.jsonl": ROW * 20,
    "a.csv": b"text,n\na good film,1\n" * 20,
    "a.tsv": b"text\tn\na good film\t1\n" * 20,
}
PAGE = b"\n<!-- 404 -->\n<!DOCTYPE html>\n<html><body>\n<p>Not found</p></body></html>\n"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12\n" % (b"a" * 64)


def parquet() -> bytes:
    pq.write_table(pa.table({"text": ["a"]}), sink := io.BytesIO())
    return sink.getvalue()


def feather() -> bytes:
    pa.feather.write_feather(pa.table({"text": ["a"]}), sink := io.BytesIO(), version=1)
    return sink.getvalue()


PACKED = {
    "gzip": gzip.compress(ROW * 20),
    "bzip2": bz2.compress(ROW * 20),
    "xz": lzma.compress(ROW * 20),
    "zlib": zlib.compress(ROW * 20),
    "Parquet": parquet(),
    "an Arrow IPC file": ipc(pa.table({"text": ["a"]})),
    "an Arrow IPC stream": ipc(pa.table({"text": ["a"]}), stream=True),
    "Feather of version 1": feather(),
}
NAMES = [*TEXT, "a.parquet", "a.tfrecord", "a.arrow"]


OWN = {"a.parquet": ["Parquet"], "a.arrow": ["an Arrow IPC file", "an Arrow IPC stream"]}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("packed", PACKED)
def test_packed_files_under_another_suffix(write, name, packed):
    if packed in OWN.get(name, ()):
        return
    with pytest.raises(InputError, match=rf"{name}: got {packed}, expected the content of"):
        read_files(SPEC, write(name, PACKED[packed]))


@pytest.mark.parametrize("packed", [p for p in PACKED if p != "gzip"])
def test_what_is_called_gz_must_be_gzip(tmp_path, packed):
    (tmp_path / "a.jsonl.gz").write_bytes(PACKED[packed])
    with pytest.raises(InputError, match=rf"a\.jsonl\.gz: got {packed}, expected gzip"):
        read_files(SPEC, tmp_path / "a.jsonl.gz")


def test_a_page_in_place_of_gzip(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(PAGE)
    with pytest.raises(InputError, match=r"a\.jsonl\.gz: got an HTML page, expected gzip"):
        read_files(SPEC, tmp_path / "a.jsonl.gz")


def test_gzip_within_gzip(write):
    with pytest.raises(InputError, match=r"a\.csv\.gz: got gzip, expected the content of \.csv"):
        read_files(SPEC, write("a.csv.gz", PACKED["gzip"]))


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", TEXT)
def test_wide_encodings(write, name, encoding, suffix):
    content = TEXT[name].decode().encode(encoding)
    with pytest.raises(InputError, match=r"got text in UTF-(16|32) .*expected UTF-8; convert"):
        read_files(SPEC, write(name + suffix, content))


def test_a_stray_nul_is_data(write):
    found = read_files(SPEC, write("a.csv", b"text,n\na\0b,1\nc,2\n"))
    assert found.column("text") == [b"a\0b", b"c"]


@pytest.mark.parametrize("name", NAMES)
def test_pointers_of_git_lfs(write, name):
    with pytest.raises(InputError, match=r"got a pointer of Git LFS.*git lfs pull"):
        read_files(SPEC, write(name, POINTER))


@pytest.mark.parametrize("name", [n for n in NAMES if n != "a.txt"])
def test_a_page_in_place_of_rows_is_named(write, name):
    with pytest.raises(InputError, match=rf"{name}: got an HTML page, expected rows of"):
        read_files(SPEC, write(name, PAGE))


def test_a_page_that_can_be_read_is_text(write):
    assert len(read_files(SPEC, write("a.txt", PAGE)).rows) == PAGE.count(b"\n")


def test_damaged_records_are_no_text(write):
    with pytest.raises(InputError, match=r"a\.tfrecord: byte 0: got a length that fails"):
        read_files(SPEC, write("a.tfrecord", b"\1\0" * 100))


def test_a_record_whose_length_looks_like_gzip(write):
    """The length of a first record of 559,903 bytes begins with the bytes of gzip."""
    around = len(example({"text": "x" * 559_800})) - 559_800
    record = example({"text": "x" * (0x088B1F - around)})
    data = framed([record])
    assert data.startswith(b"\x1f\x8b\x08")
    assert len(read_files(SPEC, write("a.tfrecord", data)).rows) == 1
