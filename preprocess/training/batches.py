"""What `fit` is fed: batches of like length, trimmed, with weights for their labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from preprocess.batching import DEFAULT_BATCH_SIZE
from preprocess.datasets import dataset
from preprocess.model_file import Training
from preprocess.models.plan import ModelPlan, TextPlan

Tensors = Mapping[str, tf.Tensor]
ClassWeights = Mapping[str, list[float]]


def training_batches(
    artifact: str, plan: ModelPlan, training: Training, weights: ClassWeights, epoch: int
) -> tf.data.Dataset:
    """The train split, shuffled; the n-th iteration has the order of epoch `epoch` + n.

    Args:
      artifact: folder or URI.
      plan: says which features and labels.
      training: batches and seed.
      weights: by label, the weight of each class in the order of the indices; may be empty.
      epoch: number of the first epoch, from 0.

    Returns:
      (features, labels), or with weights (features, labels, sample weights), dicts by name.
      Texts: int64 (batch, longest text of the batch, at least 1).
    """
    batches = dataset(
        artifact,
        "train",
        batch_size=training.batch_size,
        batch_tokens=training.batch_tokens,
        seed=training.seed,
        epoch=epoch,
    )
    return _prepared(batches, plan, weights)


def evaluation_batches(
    artifact: str, split: str, plan: ModelPlan, weights: ClassWeights
) -> tf.data.Dataset:
    """A split as it lies in the files, as `training_batches` gives it."""
    batches = dataset(artifact, split, batch_size=4 * DEFAULT_BATCH_SIZE, shuffle=False)
    return _prepared(batches, plan, weights)


def limited(batches: tf.data.Dataset, records: int, limit: int | None) -> tf.data.Dataset:
    """The first whole batches that hold about `limit` of the `records` examples."""
    if limit is None or limit >= records:
        return batches
    count = int(batches.cardinality())
    return batches.take(math.ceil(limit * count / records))


def _prepared(batches: tf.data.Dataset, plan: ModelPlan, weights: ClassWeights) -> tf.data.Dataset:
    tables = {label: tf.constant(table, tf.float32) for label, table in weights.items()}

    @tf.autograph.experimental.do_not_convert
    def prepare(features: Tensors, labels: Tensors) -> tuple[Any, ...]:
        inputs = {text.feature: trimmed(features, text) for text in plan.texts}
        inputs |= {name: features[name] for name in plan.numbers}
        targets = {head.label: labels[head.label] for head in plan.heads}
        if not tables:
            return inputs, targets
        return inputs, targets, _sample_weights(targets, tables)

    return batches.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def trimmed(features: Tensors, text: TextPlan) -> tf.Tensor:
    """A text without the columns that are padding in every row: int64 (batch, at least 1)."""
    ids = features[text.feature]
    longest = tf.maximum(tf.reduce_max(features[f"{text.feature}_length"]), 1)
    return ids[:, -longest:] if text.padding == "pre" else ids[:, :longest]


def _sample_weights(targets: Tensors, tables: Tensors) -> dict[str, tf.Tensor]:
    """float32 (batch,) for each label; 1 where no class weights are declared."""
    return {
        label: tf.gather(tables[label], target)
        if label in tables
        else tf.ones(tf.shape(target)[:1], tf.float32)
        for label, target in targets.items()
    }
