"""The records of one bucket as batches of tensors."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import tensorflow as tf

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.output_file import OutputFile
from preprocess.artifact.record_layout import RecordLayout
from preprocess.data.batching import Batching

# Files of a bucket that are read side by side when the order is shuffled.
_PARALLEL_READS = 4

Tensors = dict[str, tf.Tensor]


@dataclass(frozen=True)
class BucketReader:
    """Reads, batches and parses the records of a bucket.

    Attributes:
      files: paths or URIs, in order.
      compression: as `tf.data.TFRecordDataset` takes it.
      spec: what to parse.
      labels: keys of `spec` that are labels.
      batch_size: examples of a full batch.
      count: number of batches.
      drop_remainder: whether the last batch is dropped when it is not full.
    """

    files: tuple[str, ...]
    compression: str
    spec: dict[str, tf.io.FixedLenFeature]
    labels: tuple[str, ...]
    batch_size: int
    count: int
    drop_remainder: bool = False

    @classmethod
    def of(
        cls, artifact: OpenedArtifact, split: str, boundary: int, batching: Batching, keep: bool
    ) -> BucketReader:
        """The bucket `boundary` of a split, with or without kept columns."""
        files = [file for file in artifact.shards(split, boundary) if file.records]
        return cls(
            files=tuple(artifact.layout.path(file.path) for file in files),
            compression=artifact.spec.output.tfrecord_compression,
            spec=parse_spec(artifact.manifest.record_layout, boundary, keep),
            labels=tuple(artifact.spec.labels),
            batch_size=batching.examples(boundary),
            count=batching.batches(artifact.records(split, boundary), boundary),
            drop_remainder=batching.drop_remainder,
        )

    def batches(self) -> tf.data.Dataset:
        """All batches of `(features, labels)`, in the order of the files."""
        return self._batched(self._records(self._paths))

    def shuffled(self, seeds: tf.Tensor, shuffle_buffer: int) -> tf.data.Dataset:
        """All batches, in an order that `seeds`, int64 (2,), and the graph's seed choose."""
        paths = tf.random.experimental.stateless_shuffle(self._paths, seeds, alg="philox")
        records = self._records(paths, parallel=min(_PARALLEL_READS, len(self.files)) or None)
        return self._batched(
            records.shuffle(shuffle_buffer, seeds[0], reshuffle_each_iteration=False)
        )

    @property
    def _paths(self) -> tf.Tensor:
        # As bytes: a local name may be no UTF-8.
        paths = list(map(os.fsencode, self.files))
        return tf.constant(paths, tf.string, shape=(len(paths),))

    def _records(self, paths: tf.Tensor, parallel: int | None = None) -> tf.data.Dataset:
        return tf.data.TFRecordDataset(paths, self.compression, num_parallel_reads=parallel)

    def _batched(self, records: tf.data.Dataset) -> tf.data.Dataset:
        # A batch is parsed at once, which is several times as fast as record by record.
        batches = records.batch(self.batch_size, self.drop_remainder)
        # Nothing to convert, and autograph leaves files in the temporary folder.
        parse = tf.autograph.experimental.do_not_convert(self._parse)
        return batches.map(parse, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)

    def _parse(self, records: tf.Tensor) -> tuple[Tensors, Tensors]:
        parsed = tf.io.parse_example(records, self.spec)
        labels = {name: parsed.pop(name) for name in self.labels}
        return {name: parsed[name] for name in self.spec if name in parsed}, labels


def parse_spec(
    records: RecordLayout, boundary: int, keep: bool = True
) -> dict[str, tf.io.FixedLenFeature]:
    """What to parse of the records of the bucket `boundary`, with or without kept columns."""
    return {
        name: tf.io.FixedLenFeature(column.shape, tf.as_dtype(column.dtype))
        for name, column in records.columns(boundary).items()
        if keep or name not in records.kept
    }


def check_files(artifact: OpenedArtifact, files: Iterable[OutputFile]) -> None:
    """Refuses record files that are missing or others than in the manifest, by size and last bytes.

    Files without records are never read, so they may be missing.

    Raises:
      ArtifactError: names the first such file.
    """
    artifact.files.check_quickly(file for file in files if file.records)
