"""An artifact as a `tf.data.Dataset`: every batch from one bucket, shuffled by seed and epoch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import tensorflow as tf

from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import read_manifest
from preprocess.data.batching import Batching, at_least
from preprocess.data.bucket_reader import BucketReader, check_files, parse_spec

SHUFFLE_BUFFER = 4096

_GRAPH_SEED = 1


def dataset(
    artifact: str,
    split: str = "train",
    *,
    batch_size: int | None = None,
    batch_tokens: int | None = None,
    shuffle: bool = True,
    seed: int = 0,
    epoch: int = 0,
    shuffle_buffer: int = SHUFFLE_BUFFER,
    keep: bool = False,
    drop_remainder: bool = False,
) -> tf.data.Dataset:
    """The records of a split in batches, each from one bucket; every record once.

    For equal options the order depends on `(seed, epoch)`, not on `tf.random.set_seed`. Iterating
    again shuffles again: the n-th iteration that is begun, from 0, has the order of `epoch + n`, so
    that `model.fit(dataset(..., epoch=5))` resumes a fit that was interrupted after five epochs.
    A look at the first batch begins an iteration, too: take it from another call.

    Args:
      artifact: folder or URI that `text2seq build` made.
      split: one of the manifest's splits.
      batch_size: examples of a batch; 64 when neither this nor `batch_tokens` is given.
      batch_tokens: tokens of the bucket feature in a batch, padding included: a bucket of
        boundary 100 has `batch_tokens // 100` examples in a batch, at least one.
      shuffle: whether records and batches are shuffled; else buckets ascend, and their records
        come in the order of the files.
      seed: of the shuffle; int64, not negative.
      epoch: number of the first epoch; int64, not negative.
      shuffle_buffer: records of each bucket that are held in memory and drawn from. The build
        has shuffled the records of a file already.
      keep: whether the features hold the kept columns, too.
      drop_remainder: drops the last batch of each bucket unless it is full.

    Returns:
      `(features, labels)`, two dicts. Features: text `text`: int64 (batch, padded length) and
      `text_length`: int64 (batch,), in tokens; numeric: float32 (batch,); kept: int64, float32 or
      string (batch,). Labels: binary, category: int64 (batch,); multilabel: int64
      (batch, classes); number: float32 (batch,) or (batch, size). The cardinality is known.

    Raises:
      UsageError: an unknown split, or options that contradict each other.
      ArtifactError: the artifact is missing or incomplete, or a record file is missing or of
        another size than in the manifest.
    """
    batching = Batching(batch_size, batch_tokens, drop_remainder)
    at_least("seed", seed, 0)
    at_least("epoch", epoch, 0)
    at_least("shuffle_buffer", shuffle_buffer, 1)
    buckets = _buckets(artifact, split, batching, keep)
    if shuffle:
        batches = _epochs(epoch).flat_map(_shuffler(buckets, seed, shuffle_buffer))
    else:
        batches = _choose([bucket.batches() for bucket in buckets], _order(buckets))
    total = sum(bucket.count for bucket in buckets)
    return batches.apply(tf.data.experimental.assert_cardinality(total)).prefetch(tf.data.AUTOTUNE)


def feature_spec(artifact: str, bucket: int) -> dict[str, tf.io.FixedLenFeature]:
    """What `tf.io.parse_example` needs to read the records of a bucket.

    Args:
      artifact: folder or URI that `text2seq build` made.
      bucket: boundary in tokens, such as 64 for `bucket-00064`.

    Returns:
      By key of the record; shapes and dtypes as in `schema/bucket-00064.pbtxt`.

    Raises:
      ArtifactError: the artifact is missing or incomplete.
      UsageError: it has no such bucket.
    """
    manifest = read_manifest(artifact)
    manifest.check_bucket(artifact, bucket)
    return parse_spec(manifest, bucket)


def _buckets(artifact: str, split: str, batching: Batching, keep: bool) -> list[BucketReader]:
    manifest = read_manifest(artifact)
    manifest.check_split(artifact, split)
    boundaries = manifest.buckets.boundaries
    layout = Layout(artifact)
    check_files(layout, [file for b in boundaries for file in manifest.shards(split, b)])
    return [BucketReader.of(manifest, layout, split, b, batching, keep) for b in boundaries]


def _epochs(first: int) -> tf.data.Dataset:
    """One number an iteration: `first`, then the one after it, and so on."""
    numbers = itertools.count(first)
    return tf.data.Dataset.from_generator(
        lambda: iter([next(numbers)]), output_signature=tf.TensorSpec((), tf.int64)
    )


def _shuffler(
    buckets: Sequence[BucketReader], seed: int, shuffle_buffer: int
) -> Callable[[tf.Tensor], tf.data.Dataset]:
    """A function from the number of an epoch, int64 (), to its batches."""

    @tf.autograph.experimental.do_not_convert
    def shuffled(epoch: tf.Tensor) -> tf.data.Dataset:
        # Sets the seed of the graph that is traced here, and no other: without it the order would
        # change with the program's own `tf.random.set_seed`.
        tf.random.set_seed(_GRAPH_SEED)
        root = tf.stack([tf.constant(seed, tf.int64), epoch])
        *seeds, last = tf.unstack(
            tf.random.experimental.stateless_split(root, len(buckets) + 1, alg="philox")
        )
        batches = [
            bucket.shuffled(own, shuffle_buffer) for bucket, own in zip(buckets, seeds, strict=True)
        ]
        order = tf.random.experimental.stateless_shuffle(_order(buckets), last, alg="philox")
        return _choose(batches, order)

    return shuffled


def _choose(batches: list[tf.data.Dataset], order: tf.Tensor) -> tf.data.Dataset:
    # Each index comes exactly as often as its bucket has batches: no weights, nothing left over.
    choice = tf.data.Dataset.from_tensor_slices(order)
    return tf.data.Dataset.choose_from_datasets(batches, choice)


def _order(buckets: Sequence[BucketReader]) -> tf.Tensor:
    """The index of each bucket as often as it has batches: int64 (batches,), ascending."""
    counts = tf.constant([bucket.count for bucket in buckets], tf.int64)
    return tf.repeat(tf.range(len(buckets), dtype=tf.int64), counts)
