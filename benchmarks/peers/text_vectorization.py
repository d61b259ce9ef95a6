"""The `TextVectorization` layer of Keras 3, fed by tf.data."""

from __future__ import annotations

import re
from collections.abc import Iterator

import keras
import tensorflow as tf

from peers.job import FILTERS, LENGTH, WORDS, Job, read
from peers.records import Row, write_split

_BATCH_ROWS = 1024


def run(job: Job) -> None:
    """Adapts on train in batches; maps batches on all cores; rows are written one by one."""
    layer = keras.layers.TextVectorization(
        max_tokens=WORDS + 2, standardize=_standardize, output_sequence_length=LENGTH
    )
    for split, path in job.splits.items():
        texts, labels = read(path)
        batches = tf.data.Dataset.from_tensor_slices(texts).batch(_BATCH_ROWS)
        if split == "train":
            layer.adapt(batches)
        write_split(job, split, _rows(layer, batches, labels))


def _standardize(texts: tf.Tensor) -> tf.Tensor:
    lowered = tf.strings.lower(texts, encoding="utf-8")
    return tf.strings.regex_replace(lowered, f"[{re.escape(FILTERS)}]", " ")


def _rows(layer: keras.layers.Layer, batches: tf.data.Dataset, labels: list[int]) -> Iterator[Row]:
    encoded = batches.map(layer, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
    rows = (ids for batch in encoded.as_numpy_iterator() for ids in batch)
    for ids, label in zip(rows, labels, strict=True):
        yield ids, int((ids != 0).sum()), label
