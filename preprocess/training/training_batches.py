"""What `fit` is fed: batches of like length, trimmed, with weights for their labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.data.batching import DEFAULT_BATCH_SIZE, Batching
from preprocess.data.datasets import DatasetOptions, open_dataset
from preprocess.model_file import Training
from preprocess.models.model_plan import HeadPlan, ModelPlan, TextPlan
from preprocess.spec import TRAIN
from preprocess.spec.features import length_key

# Examples of a batch of a whole split, and of one of which only some batches are chosen.
_WHOLE, _CHOSEN = 256, 32

Tensors = Mapping[str, tf.Tensor]
ClassWeights = Mapping[str, list[float]]


def training_batches(
    artifact: OpenedArtifact,
    plan: ModelPlan,
    training: Training,
    weights: ClassWeights,
    epoch: int = 0,
    limit: int | None = None,
) -> tf.data.Dataset:
    """The train split, shuffled; the n-th iteration has the order of epoch `epoch` + n.

    Args:
      artifact: that is trained on.
      plan: names features and labels.
      training: batches and seed.
      weights: by label, the weight of each class in the order of the indices; may be empty.
      epoch: number of the first epoch, from 0.
      limit: about how many examples an epoch has, in whole batches, others in each; None: all.

    Returns:
      (features, labels), or with weights (features, labels, sample weights), dicts by name.
      Texts: int64 (batch, longest text of the batch, at least 1). Numbers that a head has a scale
      for are standardised, float32, so that their losses are, too.
    """
    batching = Batching(training.batch_size, training.batch_tokens)
    options = DatasetOptions(batching, seed=training.seed, epoch=epoch)
    batches = open_dataset(artifact, TRAIN, options)
    per_batch: float = training.batch_size or DEFAULT_BATCH_SIZE
    if training.batch_tokens is not None:  # a mean, as batches of short texts hold more
        per_batch = artifact.manifest.rows.written[TRAIN] / int(batches.cardinality())
    return _prepared(_limited(batches, per_batch, limit), plan, weights)


def evaluation_batches(
    artifact: OpenedArtifact,
    split: str,
    plan: ModelPlan,
    weights: ClassWeights,
    limit: int | None = None,
) -> tf.data.Dataset:
    """A split as `training_batches` gives it, the same at every iteration.

    Without `limit` as it lies in the files, buckets ascending; else about so many examples of all
    buckets, which are held in memory.
    """
    if limit is None or limit >= artifact.manifest.rows.written[split]:
        whole = DatasetOptions(Batching(_WHOLE), shuffle=False)
        return _prepared(open_dataset(artifact, split, whole), plan, weights)
    chosen = open_dataset(artifact, split, DatasetOptions(Batching(_CHOSEN)))
    return _prepared(_limited(chosen, _CHOSEN, limit), plan, weights).cache()


def _limited(batches: tf.data.Dataset, per_batch: float, limit: int | None) -> tf.data.Dataset:
    """The first batches that hold `limit` examples if they are full; None: all."""
    return batches if limit is None else batches.take(math.ceil(limit / per_batch))


def _prepared(batches: tf.data.Dataset, plan: ModelPlan, weights: ClassWeights) -> tf.data.Dataset:
    tables = {label: tf.constant(table, tf.float32) for label, table in weights.items()}

    @tf.autograph.experimental.do_not_convert
    def prepare(features: Tensors, labels: Tensors) -> tuple[Any, ...]:
        inputs = {text.feature: trimmed(features, text) for text in plan.texts}
        inputs |= {name: features[name] for name in plan.numbers}
        targets = {head.name: _target(head, labels[head.name]) for head in plan.heads}
        if not tables:
            return inputs, targets
        return inputs, targets, _sample_weights(targets, tables)

    return batches.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def _target(head: HeadPlan, label: tf.Tensor) -> tf.Tensor:
    """A label as its head is to answer it."""
    if head.scale is None:
        return label
    # In float64, where neither the difference nor a tiny deviation becomes 0.
    shape = head.label.answer_shape(())
    mean, deviation = (
        tf.reshape(tf.constant(values, tf.float64), shape)
        for values in (head.scale.mean, head.scale.deviation)
    )
    return tf.cast((tf.cast(label, tf.float64) - mean) / deviation, tf.float32)


def trimmed(features: Tensors, text: TextPlan) -> tf.Tensor:
    """A text without the columns that are padding in every row: int64 (batch, at least 1)."""
    ids = features[text.feature]
    longest = tf.maximum(tf.reduce_max(features[length_key(text.feature)]), 1)
    return ids[:, -longest:] if text.padding == "pre" else ids[:, :longest]


def _sample_weights(targets: Tensors, tables: Tensors) -> dict[str, tf.Tensor]:
    """float32 (batch,) for each label; 1 where no class weights are declared."""
    return {
        label: tf.gather(tables[label], target)
        if label in tables
        else tf.ones(tf.shape(target)[:1], tf.float32)
        for label, target in targets.items()
    }
