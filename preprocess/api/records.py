"""The records of an artifact, as a program reads them."""

from __future__ import annotations

import tensorflow as tf

from preprocess.api.artifact import ArtifactLike, opened_artifact
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.data.bucket_reader import parse_spec
from preprocess.data.datasets import SHUFFLE_BUFFER, open_split
from preprocess.data.sentences import RecordSentences


def dataset(
    artifact: ArtifactLike,
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
      artifact: an `Artifact`, or the folder or URI of one.
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
    with quiet_libraries():
        return open_split(
            opened_artifact(artifact),
            split,
            batch_size,
            batch_tokens,
            drop_remainder,
            shuffle=shuffle,
            seed=seed,
            epoch=epoch,
            shuffle_buffer=shuffle_buffer,
            keep=keep,
        )


def feature_spec(artifact: ArtifactLike, bucket: int) -> dict[str, tf.io.FixedLenFeature]:
    """What `tf.io.parse_example` needs to read the records of a bucket.

    Args:
      artifact: an `Artifact`, or the folder or URI of one.
      bucket: boundary in tokens, such as 64 for `bucket-00064`.

    Returns:
      By key of the record; shapes and dtypes as in `schema/bucket-00064.pbtxt`.

    Raises:
      ArtifactError: the artifact is missing or incomplete.
      UsageError: it has no such bucket.
    """
    opened = opened_artifact(artifact)
    opened.check_bucket(bucket)
    return parse_spec(opened.manifest.record_layout, bucket)


class Sentences(RecordSentences):
    """A list of words for each record; may be iterated any number of times, and holds none.

    Example:
      >>> from gensim.models import Word2Vec
      >>> vectors = Word2Vec(Sentences("artifact"), vector_size=100, min_count=1).wv
      >>> vectors.save_word2vec_format("vectors.bin", binary=True)
    """

    def __init__(
        self, artifact: ArtifactLike, split: str = "train", feature: str | None = None
    ) -> None:
        """Opens a split of an artifact.

        Args:
          artifact: an `Artifact`, or the folder or URI of one.
          split: one of the artifact's splits.
          feature: a text feature; None: every text feature, one after the other.

        Raises:
          ArtifactError: the artifact is missing or incomplete.
          UsageError: it has no such split or text feature.
        """
        super().__init__(opened_artifact(artifact), split, feature)
