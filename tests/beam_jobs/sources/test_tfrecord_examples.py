"""The TFRecord framing equals TensorFlow's."""

from __future__ import annotations

import io
import struct

import pytest

from preprocess.core.errors import InputError
from preprocess.core.tfrecord_framing import frame, masked_crc, read_records, write_records

RECORDS = [b"", b"a", b"x" * 300_000, bytes(range(256))] * 5


def test_round_trip():
    sink = io.BytesIO()
    assert write_records(sink, RECORDS) == len(RECORDS)
    assert sink.getvalue() == b"".join(map(frame, RECORDS))
    sink.seek(0)
    assert list(read_records(sink, "a")) == RECORDS


def test_equals_tensorflow(tmp_path):
    import tensorflow as tf

    path = str(tmp_path / "a.tfrecord")
    with tf.io.TFRecordWriter(path) as writer:
        for record in RECORDS:
            writer.write(record)
    assert (tmp_path / "a.tfrecord").read_bytes() == b"".join(map(frame, RECORDS))


def test_golden():
    # CRC-32C of "123456789" is 0xE3069283 (RFC 3720's check value), masked as TensorFlow does.
    assert masked_crc(b"123456789") == _mask(0xE3069283)
    assert frame(b"")[:8] == struct.pack("<Q", 0)


def _mask(crc: int) -> int:
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


@pytest.mark.parametrize("cut", [*range(1, 12), 13, 16, 20])
def test_every_cut_is_noticed(cut):
    with pytest.raises(InputError, match=r"a\.tfrecord: byte 0: got a record cut short"):
        list(read_records(io.BytesIO(frame(b"12345")[:cut]), "a.tfrecord"))


@pytest.mark.parametrize("at", range(21))
def test_every_flip_is_noticed(at):
    data = bytearray(frame(b"12345"))
    data[at] ^= 0x10
    with pytest.raises(InputError, match="checksum"):
        list(read_records(io.BytesIO(data), "a.tfrecord"))


def test_empty():
    assert list(read_records(io.BytesIO(), "a")) == []
