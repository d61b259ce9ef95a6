"""How records become the bytes of a file: the seam where another format can join."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

import pyarrow as pa

from beam_jobs.records.example_encoder import ExampleEncoder
from preprocess.artifact.record_layout import RecordLayout
from preprocess.core.tfrecord_framing import frame

# A gzip member without name or time (RFC 1952): equal records are equal bytes.
_GZIP_WINDOW = 31


class RecordFormat(ABC):
    """A format of record files."""

    suffix: ClassVar[str]
    """What the name of a file ends in before compression."""

    @abstractmethod
    def examples(self, rows: pa.RecordBatch, boundary: int) -> list[bytes]:
        """The records of some rows of `SequencedBatch`, for the bucket `boundary`."""

    @abstractmethod
    def chunk_rows(self, boundary: int) -> int:
        """How many rows `examples` can make records of in bounded memory; at least one."""

    @abstractmethod
    def framed(self, record: bytes) -> bytes:
        """A record as it stands in a file that is not compressed."""


class TFRecordFormat(RecordFormat):
    """tf.train.Examples with length and checksums."""

    suffix = ".tfrecord"

    def __init__(self, records: RecordLayout) -> None:
        self._encoder = ExampleEncoder(records)

    def examples(self, rows: pa.RecordBatch, boundary: int) -> list[bytes]:
        """Serialized tf.train.Examples."""
        return self._encoder.examples(rows, boundary)

    def chunk_rows(self, boundary: int) -> int:
        """Fewer for wide records."""
        return self._encoder.chunk_rows(boundary)

    def framed(self, record: bytes) -> bytes:
        """The record between its length and its checksum."""
        return frame(record)


class Compression:
    """How the bytes of a file are compressed.

    Attributes:
      suffix: what the name of a file ends in.
    """

    suffix = ""

    def blocks(self, plain: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of the file, made of those before compression."""
        yield from plain


class GzipCompression(Compression):
    """One gzip member; equal content gives equal bytes."""

    suffix = ".gz"

    def blocks(self, plain: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of the file, made of those before compression."""
        compressor = zlib.compressobj(wbits=_GZIP_WINDOW)
        for block in plain:
            yield compressor.compress(block)
        yield compressor.flush()


COMPRESSIONS = {"gzip": GzipCompression(), "none": Compression()}
"""By the name under which a spec asks for it."""
