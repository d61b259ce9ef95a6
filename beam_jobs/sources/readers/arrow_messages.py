"""Where the record batches of an Arrow IPC file lie, how many rows they hold, and how large.

pyarrow tells it of a batch that it has read alone. It stands in FlatBuffers: a table begins with
the distance to its vtable, which holds the place of each field. Sources: apache/arrow's
docs/source/format/Columnar.rst and format/{File,Message}.fbs, google/flatbuffers' internals.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

MAGIC = b"ARROW1"
"""Begins and ends a file."""
STREAM_MARK = b"\xff\xff\xff\xff"
"""Comes before each message of a stream."""
END_OF_STREAM = STREAM_MARK + bytes(4)
"""Ends a stream; a mark before no message."""

_RECORD_BATCHES = 3  # field of a footer
_HEADER = 2  # of a message
_LENGTH, _BUFFERS, _COMPRESSION = 0, 2, 3  # of a record batch
_BLOCK_BYTES, _BUFFER_BYTES = 24, 16
_TAIL_BYTES = len(MAGIC) + 4
_PREFIX_BYTES = 8


class StoredBatch(NamedTuple):
    """Where a record batch lies.

    Attributes:
      at: its first byte.
      head_bytes: what describes it, with the padding.
      body_bytes: its values, as they are stored.
    """

    at: int
    head_bytes: int
    body_bytes: int


@dataclass(frozen=True)
class BatchHead:
    """What describes a record batch.

    Attributes:
      rows: how many it holds.
      body: the file's byte where its values begin.
      buffers: the first byte within the body and the size of each run of values.
      is_compressed: whether each run begins with its size before compression.
    """

    rows: int
    body: int
    buffers: list[tuple[int, int]]
    is_compressed: bool


def record_batches(file: BinaryIO, size: int) -> list[StoredBatch]:
    """The record batches that the footer of a file lists.

    Args:
      file: an IPC file, not a stream.
      size: its bytes.

    Raises:
      OSError: there is no such footer.
    """
    try:
        footer_bytes = struct.unpack_from("<i", _read(file, size - _TAIL_BYTES, 4))[0]
        footer = _Table.root(_read(file, size - _TAIL_BYTES - footer_bytes, footer_bytes))
        places = footer.structs(_RECORD_BATCHES, _BLOCK_BYTES)
        return [StoredBatch(*struct.unpack_from("<qi4xq", footer.data, at)) for at in places]
    except struct.error as error:
        raise OSError("got a footer that breaks off") from error


def batch_head(file: BinaryIO, block: StoredBatch) -> BatchHead:
    """Reads what describes a record batch.

    Raises:
      OSError: nothing of the kind is there.
    """
    try:
        head = _read(file, block.at, block.head_bytes)
        # Arrow wrote no mark before its version 0.15.
        message = _Table.root(head[_PREFIX_BYTES if head.startswith(STREAM_MARK) else 4 :])
        batch = message.table(_HEADER)
        places = batch.structs(_BUFFERS, _BUFFER_BYTES)
        return BatchHead(
            batch.number(_LENGTH),
            block.at + block.head_bytes,
            [struct.unpack_from("<qq", batch.data, at) for at in places],
            batch.has(_COMPRESSION),
        )
    except struct.error as error:
        raise OSError("got a record batch whose description breaks off") from error


def decoded_bytes(file: BinaryIO, head: BatchHead) -> int:
    """Bytes of the values of a record batch before compression.

    Raises:
      OSError: a size cannot be read.
    """
    if not head.is_compressed:
        return sum(size for _, size in head.buffers)
    return sum(_decoded(file, head.body + at, size) for at, size in head.buffers if size)


def _decoded(file: BinaryIO, at: int, size: int) -> int:
    try:
        [decoded] = struct.unpack("<q", _read(file, at, 8))
    except struct.error as error:
        raise OSError("got a compressed run of values that breaks off") from error
    return size if decoded == -1 else int(decoded)  # -1: it was not worth compressing


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    if at < 0 or size < 0:
        raise OSError("got a place outside of the file")
    file.seek(at)
    return file.read(size)


class _Table:
    """A table of FlatBuffers."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self._at = data, at
        self._vtable = at - self._integer("<i", at)
        self._size = self._integer("<H", self._vtable)

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """The table that all others hang on."""
        return cls(data, int(struct.unpack_from("<I", data)[0]))

    def has(self, field: int) -> bool:
        """Whether a field is there."""
        return self._place(field) != 0

    def number(self, field: int) -> int:
        """A 64-bit integer, 0 by default."""
        at = self._place(field)
        return self._integer("<q", at) if at else 0

    def table(self, field: int) -> _Table:
        """The table that a field points to."""
        if not (at := self._place(field)):
            raise struct.error("no such table")
        return _Table(self.data, at + self._integer("<I", at))

    def structs(self, field: int, size: int) -> range:
        """The places of the structs, of some bytes each, of a vector; none by default."""
        if not (at := self._place(field)):
            return range(0)
        vector = at + self._integer("<I", at)
        start = vector + 4
        return range(start, start + size * self._integer("<I", vector), size)

    def _place(self, field: int) -> int:
        entry = 4 + 2 * field
        if entry >= self._size:
            return 0
        offset = self._integer("<H", self._vtable + entry)
        return self._at + offset if offset else 0

    def _integer(self, form: str, at: int) -> int:
        if at < 0:
            raise struct.error("a place before the beginning")
        return int(struct.unpack_from(form, self.data, at)[0])
