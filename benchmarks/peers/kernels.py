"""The kernels that `build` rests on, in a plain program with threads and no Beam.

What is left out is what Beam and an artifact add: stages, shuffle, order that does not depend on
the machine, books, hashes, serving. It tokenizes in both passes, as the straightforward program
does.
"""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tensorflow as tf
from tfx_bsl.coders.example_coder import RecordBatchToExamples

from peers.job import BUCKETS, COLUMNS, LABEL, LENGTH, SHARDS, TEXT, WORDS, Job
from preprocess.core.buckets import best_boundaries, bucket_of
from preprocess.core.tfrecord_framing import frame
from preprocess.tokenizers import Keras

_BATCH_ROWS = 2048
_GZIP_WINDOW = 31
_OOV, _FIRST_WORD = 1, 2

_tokenize = tf.function(
    lambda texts: Keras()(texts), input_signature=[tf.TensorSpec([None], tf.string)]
)


Tokenize = Callable[[tf.Tensor], tf.RaggedTensor]


def run(job: Job, tokenize: Tokenize = _tokenize) -> None:
    """One pass over train for words and lengths, one over both splits for records."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counted = list(pool.map(partial(_count, tokenize), _batches(job.train)))
        words = _most_frequent([table for table, _ in counted])
        histogram = np.sum([lengths for _, lengths in counted], axis=0)
        boundaries = best_boundaries(histogram, BUCKETS, longest=LENGTH)
        for split, path in job.splits.items():
            shards = _Shards(job, split, boundaries)
            encoder = _Encoder(tokenize, words, boundaries, shards)
            for _ in pool.map(encoder, _batches(path)):
                pass
            encoder.shards.close()


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    yield from pq.ParquetFile(path).iter_batches(_BATCH_ROWS, columns=COLUMNS)


def _texts(batch: pa.RecordBatch) -> tf.Tensor:
    return tf.constant(batch.column(TEXT).to_numpy(zero_copy_only=False))


def _count(tokenize: Tokenize, batch: pa.RecordBatch) -> tuple[pa.Table, np.ndarray]:
    """Counts of a batch's tokens, and its histogram of lengths."""
    tokens = tokenize(_texts(batch))
    unique, _, counts = tf.unique_with_counts(tokens.flat_values)
    table = pa.table({"token": unique.numpy().tolist(), "count": counts.numpy()})
    lengths = np.minimum(tokens.row_lengths().numpy(), LENGTH)
    return table, np.bincount(lengths, minlength=LENGTH + 1)


def _most_frequent(tables: list[pa.Table]) -> tf.lookup.StaticHashTable:
    merged = pa.concat_tables(tables).group_by("token").aggregate([("count", "sum")])
    order = [("count_sum", "descending"), ("token", "ascending")]
    words = merged.sort_by(order)["token"][:WORDS].to_pylist()
    ids = tf.range(_FIRST_WORD, _FIRST_WORD + len(words), dtype=tf.int64)
    initializer = tf.lookup.KeyValueTensorInitializer(tf.constant(words), ids)
    return tf.lookup.StaticHashTable(initializer, _OOV)


class _Encoder:
    """Batches to framed records in their shards; called from several threads."""

    def __init__(
        self,
        tokenize: Tokenize,
        words: tf.lookup.StaticHashTable,
        boundaries: list[int],
        shards: _Shards,
    ) -> None:
        self._tokenize = tokenize
        self.shards = shards
        self._words = words
        self._boundaries = boundaries

    def __call__(self, batch: pa.RecordBatch) -> None:
        tokens = self._tokenize(_texts(batch))
        ids = tokens.with_flat_values(self._words.lookup(tokens.flat_values))[:, :LENGTH]
        buckets = bucket_of(ids.row_lengths().numpy(), self._boundaries)
        for bucket in np.unique(buckets):
            rows = np.flatnonzero(buckets == bucket)
            records = self._records(tf.gather(ids, rows), batch.take(pa.array(rows)), bucket)
            self.shards.write(bucket, records)

    def _records(self, ids: tf.RaggedTensor, batch: pa.RecordBatch, bucket: int) -> list[bytes]:
        padded = ids.to_tensor(shape=[None, self._boundaries[bucket]]).numpy()
        columns = {
            TEXT: _lists(padded),
            f"{TEXT}_length": _lists(ids.row_lengths().numpy()[:, None]),
            LABEL: _lists(batch.column(LABEL).to_numpy()[:, None]),
        }
        return RecordBatchToExamples(pa.RecordBatch.from_pydict(columns))


def _lists(values: np.ndarray) -> pa.Array:
    """A list array of the rows of an int64 array of shape (rows, width)."""
    rows, width = values.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.reshape(-1)))


class _Shards:
    """The gzip files of a split; rows are assigned to them in turn."""

    def __init__(self, job: Job, split: str, boundaries: list[int]) -> None:
        self._shards = [
            [_Shard(job.shard(f"{split}/bucket-{boundary:05d}", s)) for s in range(SHARDS)]
            for boundary in boundaries
        ]

    def write(self, bucket: int, records: list[bytes]) -> None:
        for number, shard in enumerate(self._shards[bucket]):
            shard.write(records[number::SHARDS])

    def close(self) -> None:
        for bucket in self._shards:
            for shard in bucket:
                shard.close()


class _Shard:
    """One gzip file, which one thread at a time appends to."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._lock = threading.Lock()
        self._compressor = zlib.compressobj(wbits=_GZIP_WINDOW)

    def write(self, records: list[bytes]) -> None:
        framed = b"".join(map(frame, records))
        with self._lock:
            self._file.write(self._compressor.compress(framed))

    def close(self) -> None:
        self._file.write(self._compressor.flush())
        self._file.close()
