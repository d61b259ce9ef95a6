"""What a file is by its first bytes, and what is text after all."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
import zlib

import numpy as np
import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from preprocess.core.first_bytes import (
    HEAD_BYTES,
    foreign,
    is_lfs_pointer,
    looks_like_html,
    packed_as,
    wide_encoding,
)

TEXT = b'{"text": "a good film"}\n' * 50
TABLE = pa.table({"text": ["a good film", "日本語"], "label": [0, 1]})


def _zipped(method: int) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", method) as archive:
        archive.writestr("a.jsonl", TEXT)
    return buffer.getvalue()


def _tarred(form: int) -> bytes:
    with tarfile.open(fileobj=(buffer := io.BytesIO()), mode="w", format=form) as archive:
        (member := tarfile.TarInfo("a.jsonl")).size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return buffer.getvalue()


def _written(write, table: pa.Table = TABLE) -> bytes:
    write(table, buffer := io.BytesIO())
    return buffer.getvalue()


def _arrow(table: pa.Table, sink: io.BytesIO) -> None:
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _compressed(codec: str) -> bytes:
    with pa.CompressedOutputStream(sink := pa.BufferOutputStream(), codec) as stream:
        stream.write(TEXT)
    return sink.getvalue().to_pybytes()


def _database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table t (a)")
        return connection.serialize()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "Zstandard": _compressed("zstd"),
    "LZ4": _compressed("lz4"),
    "bzip2": bz2.compress(TEXT),
    "bzip2 of nothing": bz2.compress(b""),
    "xz": lzma.compress(TEXT),
    "zlib": zlib.compress(TEXT),
    "zlib of nothing": zlib.compress(b""),
    "zlib, stored": zlib.compress(TEXT, 0),
    "zlib, fast": zlib.compress(TEXT, 3),
    "zlib, cut": zlib.compress(np.random.default_rng(0).bytes(1 << 17)),
    "a zip archive": _zipped(zipfile.ZIP_DEFLATED),
    "a zip archive, stored": _zipped(zipfile.ZIP_STORED),
    "a tar archive": _tarred(tarfile.PAX_FORMAT),
    "a tar archive of GNU": _tarred(tarfile.GNU_FORMAT),
    "Parquet": _written(lambda table, sink: pa.parquet.write_table(table, sink)),
    "Parquet without rows": _written(pa.parquet.write_table, TABLE.slice(0, 0)),
    "ORC": _written(pa.orc.write_table),
    "an Arrow IPC file": _written(_arrow),
    "NumPy": _written(lambda table, sink: np.save(sink, np.zeros(3))),
    "SQLite": _database(),
    "Snappy (framed)": b"\xff\x06\x00\x00sNaPpY\x01\x02",
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    "Avro": b"Obj\x01\x04\x14avro.codec",
    "HDF5": b"\x89HDF\r\n\x1a\n\x00",
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "an Excel 97 workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00",
}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_file_is_named(name):
    expected = name.split(",")[0].split(" of ")[0].split(" without ")[0]
    assert packed_as(PACKED[name][:HEAD_BYTES]) == expected


BEGINNINGS = [
    *("BZh9", "BZh91AY&SY", "PK", "PAR1", "Obj", "ORC", "Rar!", "%PDF-1.7", "SQLite format 3"),
    *("x\x01", "x^", "xڜ", "7z", "ARROW1", "FEA1", "P*M\x18", "LZIP", "ustar", "a" * 257 + "ustar"),
]


@given(
    st.sampled_from([*BEGINNINGS, ""]),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"])),
)
def test_text_is_nothing_packed(beginning, rest):
    assert packed_as((beginning + rest).encode()) is None


def test_a_text_is_text_though_its_head_ends_within_a_character():
    assert packed_as("ORC 日".encode()[:-1]) is None


ENCODINGS = {
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32-le": "UTF-32 (little-endian)",
    "utf-32-be": "UTF-32 (big-endian)",
}
SAMPLES = [
    "id\ttext\n1\ta good film\n",
    '{"text": "映画 good film"}\n',
    "text\r\n",
    "a b c, é",
    "😀 ok\n",
]


@pytest.mark.parametrize("text", [*SAMPLES, "x" * HEAD_BYTES + "\n"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_wide_text_is_named(encoding, text):
    assert wide_encoding(text.encode(encoding)) == ENCODINGS[encoding]


@pytest.mark.parametrize("text", [*SAMPLES, "", "映", "日本語の映画\n" * 9])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_wide_text_with_a_mark_is_named(encoding, text):
    assert wide_encoding(("\ufeff" + text).encode(encoding)) == ENCODINGS[encoding]


@given(st.text(), st.sampled_from(["", "\ufeff"]))
def test_utf8_is_never_named(text, mark):
    content = (mark + text).encode()
    assume(content.count(0) < 0.15 * len(content) or content.count(0) < 2)
    assert wide_encoding(content) is None


@pytest.mark.parametrize(
    "content",
    [b"\0", b"a\0", b"\0\0", b"a\0b", b"a\0b\n", b"a\0bcdef\n" * 9],
)
def test_a_stray_nul_is_data(content):
    assert wide_encoding(content) is None


@pytest.mark.parametrize(("nuls", "is_named"), [(29, False), (30, True), (31, True)])
@pytest.mark.parametrize("pair", [b"a\0", b"\0a"])
def test_three_of_ten_odd_or_even_bytes_decide(pair, nuls, is_named):
    assert (wide_encoding(pair * nuls + b"ab" * (100 - nuls)) is not None) == is_named


def test_no_more_than_the_head_counts():
    assert wide_encoding(b"a" * HEAD_BYTES + b"\0" * HEAD_BYTES) is None


POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


@pytest.mark.parametrize(
    "content",
    [
        POINTER,
        POINTER[:-1],
        POINTER.replace(b"\n", b"\r\n"),
        POINTER.replace(b"git-lfs", b"hawser"),
        POINTER.replace(b"7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393", b""),
        POINTER.replace(b"oid", b"ext-0-foo sha256:" + b"a" * 64 + b"\noid"),
    ],
)
def test_a_pointer_is_seen(content):
    assert is_lfs_pointer(content, len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"version 2 of the film\n",
        POINTER + b"A review follows.\n",
        POINTER + b"a line\n" * 200,
        POINTER.replace(b"size 12345\n", b""),
        POINTER.replace(b"4d7a", b"film"),
        b"\n" + POINTER,
    ],
)
def test_what_is_no_pointer(content):
    assert not is_lfs_pointer(content, len(content))


def test_a_long_file_that_begins_as_a_pointer_is_none():
    assert not is_lfs_pointer(POINTER, 5000)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<!DOCTYPE html><title>404</title>", True),
        (b"\xef\xbb\xbf \r\n<HTML lang=en>", True),
        (b"<!-- a -->\n<!-- b --><html>", True),
        (b'<?xml version="1.0"?>\n<!doctype  HTML PUBLIC "-//W3C//DTD XHTML 1.0//EN">', True),
        (b"", False),
        (b"<htmlx>", False),
        (b"<p>a <html> film", False),
        (b'<?xml version="1.0"?><rss>', False),
        (b"<!-- a" * 9000, False),
        (b"<!-- a -->" * 6000, False),
    ],
)
def test_html(head, expected):
    assert looks_like_html(head) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PACKED["xz"], "xz"),
        ("text\ngood\n".encode("utf-16"), "text in UTF-16 (little-endian)"),
        (POINTER, "a pointer of Git LFS"),
        (b"<html>", "a page of HTML"),
        (TEXT, None),
        ("\ufeff日本語".encode(), None),
        (b"", None),
    ],
)
def test_what_is_no_text_has_a_name_and_a_remedy(content, expected):
    other = foreign(content, len(content))
    assert (other and other.what) == expected
    assert other is None or other.remedy
