"""Writes one shard: sorted by fingerprint, padded, encoded, compressed, renamed into place."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam

from beam_jobs.job import Job
from beam_jobs.records.assign_shards import ShardKey
from beam_jobs.records.record_format import COMPRESSIONS, RecordFormat, TFRecordFormat
from beam_jobs.records.record_plan import RecordPlan
from beam_jobs.records.record_statistics import number_statistics
from beam_jobs.records.shard_rows import ShardRows
from beam_jobs.runtime.packing import unpack
from beam_jobs.runtime.spill import Reference
from preprocess.artifact.layout import shard_name
from preprocess.artifact.number_statistics import NumberStatistics
from preprocess.artifact.output_file import TAIL_BYTES, OutputFile
from preprocess.core.storage import storage_of


@dataclass(frozen=True)
class WrittenShard:
    """A finished shard, and how many of its records each input file gave.

    Attributes:
      file: as the manifest lists it.
      split: index of the split.
      sources: records by index of the source file.
      numbers: what was counted of each number label; none without records.
    """

    file: OutputFile
    split: int
    sources: dict[int, int]
    numbers: dict[str, NumberStatistics] = field(default_factory=dict)


@dataclass
class _ShardDigests:
    """Hashes and counts of what has been written so far."""

    compressed: Any = field(default_factory=hashlib.sha256)
    plain: Any = field(default_factory=hashlib.sha256)
    bytes: int = 0
    tail: str = ""
    records: int = 0


class WriteShard(beam.DoFn):
    """((split, bucket, shard), chunks) to a file, and to its `WrittenShard`."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def process(
        self, item: tuple[ShardKey, Iterable[Reference | None]], plan: RecordPlan
    ) -> Iterator[WrittenShard]:
        """Writes one shard; a None among its chunks stands for no rows."""
        key, chunks = item
        rows = ShardRows(unpack(chunk.read()) for chunk in chunks if chunk is not None)
        file_format = TFRecordFormat(plan.layout)
        boundary = plan.layout.buckets.boundaries[key[1]]
        path = self._path(key, plan, file_format)
        batches = rows.taken(file_format.chunk_rows(boundary))
        examples = (file_format.examples(batch, boundary) for batch in batches)
        digests = self._write(path, file_format, examples)
        relative = self._job.layout.relative(path)
        numbers = number_statistics(rows, plan.layout.spec)
        yield WrittenShard(_file(relative, digests), key[0], dict(rows.sources), numbers)

    def _path(self, key: ShardKey, plan: RecordPlan, file_format: RecordFormat) -> str:
        split, bucket, shard = key
        boundary = plan.layout.buckets.boundaries[bucket]
        suffix = file_format.suffix + COMPRESSIONS[self._job.spec.output.compression].suffix
        name = shard_name(shard, plan.shards[split][bucket], suffix)
        return f"{self._job.layout.bucket(self._job.splits[split], boundary)}/{name}"

    def _write(
        self, path: str, file_format: RecordFormat, chunks: Iterable[list[bytes]]
    ) -> _ShardDigests:
        temporary = f"{self._job.layout.workspace}/{uuid.uuid4().hex}{file_format.suffix}"
        digests, storage, last = _ShardDigests(), storage_of(path), b""
        plain = self._counted(file_format, chunks, digests)
        with storage.create(temporary) as file:
            for block in COMPRESSIONS[self._job.spec.output.compression].blocks(plain):
                digests.compressed.update(block)
                digests.bytes += len(block)
                last = (last + block)[-TAIL_BYTES:]
                file.write(block)
        digests.tail = last.hex()
        storage.rename(temporary, path)
        return digests

    def _counted(
        self, file_format: RecordFormat, chunks: Iterable[list[bytes]], digests: _ShardDigests
    ) -> Iterator[bytes]:
        """The bytes before compression; counts records, and hashes them."""
        for records in chunks:
            framed = b"".join(map(file_format.framed, records))
            digests.plain.update(framed)
            digests.records += len(records)
            if self._job.progress:
                self._job.progress.add("written", len(records), len(framed))
            yield framed


def _file(path: str, digests: _ShardDigests) -> OutputFile:
    return OutputFile(
        path=path,
        bytes=digests.bytes,
        sha256=digests.compressed.hexdigest(),
        records=digests.records,
        sha256_records=digests.plain.hexdigest(),
        tail=digests.tail,
    )
