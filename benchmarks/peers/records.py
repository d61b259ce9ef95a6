"""Records as one writes them by the book, and a count of what a peer has written."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import tensorflow as tf

from peers.job import LABEL, SHARDS, TEXT, Job

_DECODE_AT_ONCE = 2048

Row = tuple[Sequence[int], int, int]


def write_split(job: Job, split: str, rows: Iterable[Row]) -> None:
    """Assigns (padded ids, tokens, label) to the shards of a split, by `tf.io.TFRecordWriter`."""
    options = tf.io.TFRecordOptions(compression_type="GZIP")
    with ExitStack() as stack:
        writers = [
            stack.enter_context(tf.io.TFRecordWriter(str(job.shard(split, shard)), options))
            for shard in range(SHARDS)
        ]
        for number, row in enumerate(rows):
            writers[number % SHARDS].write(_example(*row).SerializeToString())


def _example(ids: Sequence[int], length: int, label: int) -> tf.train.Example:
    features = {TEXT: _ints(ids), f"{TEXT}_length": _ints([length]), LABEL: _ints([label])}
    return tf.train.Example(features=tf.train.Features(feature=features))


def _ints(values: Sequence[int]) -> tf.train.Feature:
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


@dataclass
class Content:
    """What the shards of a peer hold: equal for peers that did the same job.

    Attributes:
      records: over all splits.
      tokens: ids that are not padding.
      bytes: of the files.
    """

    records: int = 0
    tokens: int = 0
    bytes: int = 0


def content_of(output: Path) -> Content:
    """Reads all records below `output`."""
    content = Content()
    for path in sorted(output.glob("examples/**/*.tfrecord.gz")):
        content.bytes += path.stat().st_size
        _add(content, path)
    return content


def _add(content: Content, path: Path) -> None:
    from tfx_bsl.coders.example_coder import ExamplesToRecordBatchDecoder

    from preprocess.core.tfrecord_framing import read_records

    decoder = ExamplesToRecordBatchDecoder()
    with gzip.open(path) as file:
        records = read_records(file, str(path))  # type: ignore[arg-type]
        while some := list(islice(records, _DECODE_AT_ONCE)):
            ids = decoder.DecodeBatch(some).column(TEXT).flatten().to_numpy()
            content.records += len(some)
            content.tokens += int(np.count_nonzero(ids))
