"""Records as one writes them by the book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack

import tensorflow as tf

from peers.job import LABEL, SHARDS, TEXT, Job

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
