"""Sizes of the pages of a Parquet column, which a reader must hold in memory one by one.

The footer does not tell them. They stand in a header before each page: a struct in Thrift's
compact protocol, whose fields 2 and 3 are the page's bytes before and after compression. Sources:
apache/parquet-format's parquet.thrift, apache/thrift's doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow.parquet as pq

_HEADER_BYTES = 1 << 12
_MOST_HEADER_BYTES = 16 << 20
_PLAIN, _PACKED, _DICTIONARY = 2, 3, 7  # fields of a page header
_VALUES = 1  # field of the header of a dictionary page
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

_SIZES = {_TRUE: 1, _FALSE: 1, _BYTE: 1, _DOUBLE: 8}


def page_sizes(file: BinaryIO, chunk: pq.ColumnChunkMetaData) -> Iterator[int]:
    """Bytes of each page of a column chunk, before compression.

    Raises:
      OSError: a header cannot be read.
    """
    at = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset:  # 0 stands for none
        at = min(at, chunk.dictionary_page_offset)
    end = at + chunk.total_compressed_size
    while at < end:
        header, size = _header(file, at)
        yield header.fields.get(_PLAIN, 0)
        at += size + header.fields.get(_PACKED, 0)


def dictionary_value_bytes(file: BinaryIO, chunk: pq.ColumnChunkMetaData) -> float:
    """Bytes that a value of a column's dictionary has on average; 0 without a dictionary.

    Raises:
      OSError: its header cannot be read.
    """
    if not (chunk.has_dictionary_page and chunk.dictionary_page_offset):
        return 0
    header, _ = _header(file, chunk.dictionary_page_offset)
    values = header.structs.get(_DICTIONARY, {}).get(_VALUES, 0)
    return header.fields.get(_PLAIN, 0) / values if values else 0


def _header(file: BinaryIO, at: int) -> tuple[_Compact, int]:
    """What the header at a place holds, and the bytes that it takes."""
    size = _HEADER_BYTES
    while size <= _MOST_HEADER_BYTES:
        file.seek(at)
        reader = _Compact(file.read(size))
        try:
            reader.fields = reader.integers()
            return reader, reader.at
        except IndexError:  # the header does not end here, as it may hold statistics
            size *= 16
    raise OSError("got no header of a page")


class _Compact:
    """Reads a struct and passes over all but its integers, and those of structs in it."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0
        self.fields: dict[int, int] = {}
        self.structs: dict[int, dict[int, int]] = {}

    def integers(self) -> dict[int, int]:
        """The integers of a struct by the number of their field."""
        found: dict[int, int] = {}
        field = 0
        while head := self._byte():
            kind, step = head & 15, head >> 4
            field = field + step if step else self._zigzag()
            if kind in (_I16, _I32, _I64):
                found[field] = self._zigzag()
            elif kind == _STRUCT:
                self.structs[field] = self.integers()
            elif kind not in (_TRUE, _FALSE):
                self._pass(kind)
        return found

    def _pass(self, kind: int) -> None:
        if kind == _STRUCT:
            self.integers()
        elif kind in (_I16, _I32, _I64):
            self._varint()
        elif kind in (_LIST, _SET):
            self._pass_list()
        elif kind == _MAP:
            self._pass_map()
        else:
            size = _SIZES[kind] if kind in _SIZES else self._varint()
            self.at += size

    def _pass_list(self) -> None:
        head = self._byte()
        count = head >> 4
        for _ in range(self._varint() if count == 15 else count):
            self._pass(head & 15)

    def _pass_map(self) -> None:
        if count := self._varint():
            kinds = self._byte()
            for _ in range(count):
                self._pass(kinds >> 4)
                self._pass(kinds & 15)

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
