"""The framing of TFRecord files, read and written without TensorFlow.

A record is its length (uint64, little-endian), the masked CRC-32C of those eight bytes, its data,
and the masked CRC-32C of the data. Source: tensorflow/core/lib/io/record_writer.h.
"""

from __future__ import annotations

import functools
import struct
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import google_crc32c

from preprocess.core.errors import InputError

_HEADER = struct.Struct("<QI")
_LENGTH = struct.Struct("<Q")
_CRC = struct.Struct("<I")
_MASK_DELTA = 0xA282EAD8
_WRITE_BYTES = 1 << 20
_PASSED_BYTES = 1 << 20


def read_records(file: BinaryIO, path: str) -> Iterator[bytes]:
    """Reads the records of a TFRecord file that is already decompressed.

    Args:
      file: at the beginning of its first record.
      path: names the file in errors.

    Raises:
      InputError: a record that is cut short or fails its checksum.
    """
    for record in read_bounded_records(file, path, sys.maxsize):
        assert record is not None  # none is that long
        yield record


def read_bounded_records(file: BinaryIO, path: str, max_bytes: int) -> Iterator[bytes | None]:
    """Reads records, and None for each that is longer than `max_bytes`, in bounded memory.

    Args:
      file: at the beginning of its first record.
      path: names the file in errors.
      max_bytes: of a record, its framing not counted.

    Raises:
      InputError: a record that is cut short or fails its checksum, a long one too.
    """
    offset = 0
    while header := file.read(_HEADER.size):
        # Damaged lengths fail their checksum, so that this never asks for absurd sizes.
        length = _length(header, path, offset)
        is_long = length > max_bytes
        data, crc = _passed(file, length) if is_long else _read(file, length)
        end = file.read(_CRC.size)
        if crc is None or len(end) < _CRC.size:
            raise _damaged(path, offset, "a record cut short", "a whole one")
        if _CRC.unpack(end)[0] != _masked(crc):
            raise _damaged(path, offset, "data that fail their checksum", "undamaged ones")
        yield None if is_long else data
        offset += _HEADER.size + length + _CRC.size


def _read(file: BinaryIO, length: int) -> tuple[bytes, int | None]:
    """Data and their CRC, which is None if they end early."""
    data = file.read(length)
    return data, google_crc32c.value(data) if len(data) == length else None


def _passed(file: BinaryIO, length: int) -> tuple[bytes, int | None]:
    """No data, and the CRC of those that were passed over, which is None if they end early."""
    crc = 0
    while length and (data := file.read(min(length, _PASSED_BYTES))):
        crc = google_crc32c.extend(crc, data)
        length -= len(data)
    return b"", None if length else crc


def has_length(head: bytes) -> bool:
    """Whether bytes begin with the length of a record and the checksum of it."""
    if len(head) < _HEADER.size:
        return False
    return bool(_HEADER.unpack_from(head)[1] == masked_crc(head[: _LENGTH.size]))


def frame(record: bytes) -> bytes:
    """`record` with length and checksums, as it stands in a TFRecord file."""
    return b"".join((_framed_length(len(record)), record, _CRC.pack(masked_crc(record))))


@functools.lru_cache(maxsize=65_536)
def _framed_length(size: int) -> bytes:
    """A length and its checksum; records are many, their lengths few."""
    length = _LENGTH.pack(size)
    return length + _CRC.pack(masked_crc(length))


def write_records(file: BinaryIO, records: Iterable[bytes]) -> int:
    """Writes framed records in chunks of about 1 MB.

    Returns:
      The number of records.
    """
    count, held, size = 0, [], 0
    for record in records:
        held.append(frame(record))
        size += len(record)
        count += 1
        if size >= _WRITE_BYTES:
            file.write(b"".join(held))
            held, size = [], 0
    file.write(b"".join(held))
    return count


def masked_crc(data: bytes) -> int:
    """CRC-32C, rotated and shifted so that a CRC of data that hold CRCs stays meaningful."""
    return _masked(google_crc32c.value(data))


def _masked(crc: int) -> int:
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def _length(header: bytes, path: str, offset: int) -> int:
    if len(header) < _HEADER.size:
        raise _damaged(path, offset, "a record cut short", "a whole one")
    if not has_length(header):
        raise _damaged(path, offset, "a length that fails its checksum", "a TFRecord file")
    return int(_LENGTH.unpack_from(header)[0])


def _damaged(path: str, offset: int, got: str, expected: str) -> InputError:
    return InputError(
        f"{path}: byte {offset}: got {got}, expected {expected}; write the file again"
    )
