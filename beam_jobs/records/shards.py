"""Writes one shard: sorted by fingerprint, padded, encoded, compressed, renamed into place."""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa

from beam_jobs.records.assign_shards import HIGH, LOW, ShardKey, concat
from beam_jobs.records.example_encoder import ExampleEncoder
from beam_jobs.records.record_plan import RecordPlan
from beam_jobs.runtime.packing import unpack
from beam_jobs.runtime.spill import Reference
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import OutputFile
from preprocess.core.row_position import SOURCE
from preprocess.core.storage import storage_of
from preprocess.core.tfrecord_framing import frame
from preprocess.spec import Spec

# Records that are padded and encoded at a time.
_CHUNK = 1024

# A gzip member without name or time (RFC 1952): equal records are equal bytes.
_GZIP_WINDOW = 31


@dataclass(frozen=True)
class WrittenShard:
    """A finished shard, and how many of its records each input file gave.

    Attributes:
      file: as the manifest lists it.
      split: index of the split.
      sources: records by index of the source file.
    """

    file: OutputFile
    split: int
    sources: dict[int, int]


@dataclass
class _ShardDigests:
    """Hashes and counts of what has been written so far."""

    compressed: Any = field(default_factory=hashlib.sha256)
    plain: Any = field(default_factory=hashlib.sha256)
    bytes: int = 0
    records: int = 0


class WriteShard(beam.DoFn):
    """((split, bucket, shard), chunks) to a file, and to its `WrittenShard`."""

    def __init__(self, spec: Spec, layout: Layout, splits: list[str], progress: Any = None) -> None:
        self._spec = spec
        self._layout = layout
        self._splits = splits
        self._progress = progress

    def process(
        self, item: tuple[ShardKey, Iterable[Reference | None]], plan: RecordPlan
    ) -> Iterator[WrittenShard]:
        (split, bucket, shard), chunks = item
        boundary = plan.buckets.boundaries[bucket]
        output = self._spec.output
        path = self._layout.shard(
            self._splits[split], boundary, shard, output.shards, output.compression == "gzip"
        )
        rows = _sorted([unpack(chunk.read()) for chunk in chunks if chunk is not None])
        digests = self._write(path, self._records(rows, boundary, plan))
        yield WrittenShard(_file(self._layout.relative(path), digests), split, _sources(rows))

    def _records(
        self, rows: pa.Table | None, boundary: int, plan: RecordPlan
    ) -> Iterator[list[bytes]]:
        if rows is None:
            return
        encoder = ExampleEncoder(self._spec, plan)
        for start in range(0, len(rows), _CHUNK):
            chunk = rows.slice(start, _CHUNK).combine_chunks().to_batches()[0]
            yield encoder.examples(chunk, boundary)

    def _write(self, path: str, chunks: Iterable[list[bytes]]) -> _ShardDigests:
        temporary = f"{self._layout.workspace}/{uuid.uuid4().hex}.tfrecord"
        digests, storage = _ShardDigests(), storage_of(path)
        with storage.create(temporary) as file:
            for block in self._blocks(chunks, digests):
                digests.compressed.update(block)
                digests.bytes += len(block)
                file.write(block)
        storage.rename(temporary, path)
        return digests

    def _blocks(self, chunks: Iterable[list[bytes]], digests: _ShardDigests) -> Iterator[bytes]:
        """The bytes of the file; counts records and hashes them before compression."""
        gzip = self._spec.output.compression == "gzip"
        compressor = zlib.compressobj(wbits=_GZIP_WINDOW) if gzip else None
        for records in chunks:
            framed = b"".join(frame(record) for record in records)
            digests.plain.update(framed)
            digests.records += len(records)
            if self._progress:
                self._progress.add("write", len(records), len(framed))
            yield compressor.compress(framed) if compressor else framed
        if compressor:
            yield compressor.flush()


def _sorted(batches: list[pa.RecordBatch]) -> pa.Table | None:
    if not batches:
        return None
    table = concat([pa.Table.from_batches([batch]) for batch in batches])
    order = np.lexsort((table[LOW].to_numpy(), table[HIGH].to_numpy()))
    return table.take(order)


def _sources(rows: pa.Table | None) -> dict[int, int]:
    if rows is None:
        return {}
    sources, counts = np.unique(rows[SOURCE].to_numpy(), return_counts=True)
    return {int(s): int(n) for s, n in zip(sources, counts, strict=True)}


def _file(path: str, digests: _ShardDigests) -> OutputFile:
    return OutputFile(
        path=path,
        bytes=digests.bytes,
        sha256=digests.compressed.hexdigest(),
        records=digests.records,
        sha256_records=digests.plain.hexdigest(),
    )
