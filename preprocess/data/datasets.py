"""An artifact as a `tf.data.Dataset`: every batch from one bucket, shuffled by seed and epoch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import tensorflow as tf

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.data.batching import Batching, at_least
from preprocess.data.bucket_reader import BucketReader, check_files

SHUFFLE_BUFFER = 4096

_GRAPH_SEED = 1


@dataclass(frozen=True)
class DatasetOptions:
    """How the records of a split are read; see `preprocess.dataset`.

    Attributes:
      batching: how many examples a batch holds.
      shuffle: whether records and batches are shuffled.
      seed: of the shuffle.
      epoch: number of the first epoch.
      shuffle_buffer: records of each bucket that are held in memory and drawn from.
      keep: whether the features hold the kept columns, too.
    """

    batching: Batching = field(default_factory=Batching)
    shuffle: bool = True
    seed: int = 0
    epoch: int = 0
    shuffle_buffer: int = SHUFFLE_BUFFER
    keep: bool = False

    def __post_init__(self) -> None:
        at_least("seed", self.seed, 0)
        at_least("epoch", self.epoch, 0)
        at_least("shuffle_buffer", self.shuffle_buffer, 1)


class DatasetKeywords(TypedDict, total=False):
    """The options of `preprocess.dataset`; see there."""

    batch_size: int | None
    batch_tokens: int | None
    shuffle: bool
    seed: int
    epoch: int
    shuffle_buffer: int
    keep: bool
    drop_remainder: bool


def open_split(
    artifact: OpenedArtifact,
    split: str,
    batch_size: int | None = None,
    batch_tokens: int | None = None,
    drop_remainder: bool = False,
    **options: Any,
) -> tf.data.Dataset:
    """The records of a split in batches, for the options of `preprocess.dataset`.

    Raises:
      UsageError: an unknown split, or options that contradict each other.
      ArtifactError: a record file is missing or of another size than in the manifest.
    """
    batching = Batching(batch_size, batch_tokens, drop_remainder)
    return open_dataset(artifact, split, DatasetOptions(batching, **options))


def open_dataset(artifact: OpenedArtifact, split: str, options: DatasetOptions) -> tf.data.Dataset:
    """The records of a split in batches, each from one bucket; every record once.

    Returns:
      `(features, labels)`, two dicts, as `preprocess.dataset` describes them.

    Raises:
      UsageError: an unknown split.
      ArtifactError: a record file is missing or of another size than in the manifest.
    """
    buckets = _buckets(artifact, split, options)
    if options.shuffle:
        batches = _epochs(options.epoch).flat_map(_shuffler(buckets, options))
    else:
        batches = _choose([bucket.batches() for bucket in buckets], _order(buckets))
    total = sum(bucket.count for bucket in buckets)
    return batches.apply(tf.data.experimental.assert_cardinality(total)).prefetch(tf.data.AUTOTUNE)


def _buckets(artifact: OpenedArtifact, split: str, options: DatasetOptions) -> list[BucketReader]:
    artifact.check_split(split)
    boundaries = artifact.manifest.buckets.boundaries
    check_files(artifact, [file for b in boundaries for file in artifact.shards(split, b)])
    return [
        BucketReader.of(artifact, split, boundary, options.batching, options.keep)
        for boundary in boundaries
    ]


def _epochs(first: int) -> tf.data.Dataset:
    """One number an iteration: `first`, then the one after it, and so on."""
    numbers = itertools.count(first)
    return tf.data.Dataset.from_generator(
        lambda: iter([next(numbers)]), output_signature=tf.TensorSpec((), tf.int64)
    )


def _shuffler(
    buckets: Sequence[BucketReader], options: DatasetOptions
) -> Callable[[tf.Tensor], tf.data.Dataset]:
    """A function from the number of an epoch, int64 (), to its batches."""

    @tf.autograph.experimental.do_not_convert
    def shuffled(epoch: tf.Tensor) -> tf.data.Dataset:
        # Sets the seed of the graph that is traced here, and no other: without it the order would
        # change with the program's own `tf.random.set_seed`.
        tf.random.set_seed(_GRAPH_SEED)
        root = tf.stack([tf.constant(options.seed, tf.int64), epoch])
        *seeds, last = tf.unstack(
            tf.random.experimental.stateless_split(root, len(buckets) + 1, alg="philox")
        )
        batches = [
            bucket.shuffled(own, options.shuffle_buffer)
            for bucket, own in zip(buckets, seeds, strict=True)
        ]
        order = tf.random.experimental.stateless_shuffle(_order(buckets), last, alg="philox")
        return _choose(batches, order)

    made: Callable[[tf.Tensor], tf.data.Dataset] = shuffled
    return made


def _choose(batches: list[tf.data.Dataset], order: tf.Tensor) -> tf.data.Dataset:
    # Each index comes exactly as often as its bucket has batches: no weights, nothing left over.
    choice = tf.data.Dataset.from_tensor_slices(order)
    return tf.data.Dataset.choose_from_datasets(batches, choice)


def _order(buckets: Sequence[BucketReader]) -> tf.Tensor:
    """The index of each bucket as often as it has batches: int64 (batches,), ascending."""
    counts = tf.constant([bucket.count for bucket in buckets], tf.int64)
    return tf.repeat(tf.range(len(buckets), dtype=tf.int64), counts)
