"""What a trained model answers to the records of an artifact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.artifact.manifest import Manifest, read_manifest
from preprocess.core.errors import ArtifactError, UsageError, one_line
from preprocess.data.batching import at_least
from preprocess.data.datasets import dataset
from preprocess.spec import BinaryLabel, NumberLabel, Spec, TextFeature
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    ModelManifest,
    check_same_artifact,
    read_model_manifest,
)

Arrays = dict[str, NDArray]
Tensors = dict[str, tf.Tensor]


@dataclass(frozen=True)
class Predictions:
    """Labels and answers, row by row, of the labels that the model predicts.

    Attributes:
      labels: as in the records. binary, category: int64 (rows,); multilabel: int64
        (rows, classes); number: float32 (rows,) or (rows, size).
      answers: float32. binary: (rows,), probabilities; category, multilabel: (rows, classes),
        probabilities; number: (rows,) or (rows, size).
    """

    labels: Arrays
    answers: Arrays


def predict_records(
    model: str,
    artifact: str,
    split: str,
    *,
    limit: int | None = None,
    batch_size: int = 256,
    on_rows: Callable[[int], None] | None = None,
) -> Predictions:
    """Runs the Keras model over the records of a split; all answers are held in memory.

    Args:
      model: folder that `text2seq train` made.
      artifact: folder or URI; the one that the model was trained on, or one of equal meaning.
      split: one of the artifact's splits.
      limit: rows that are taken at most, the first in the order of `dataset(seed=0)`; None: all,
        in the order of the files.
      batch_size: rows of a batch.
      on_rows: called with the number of rows after each batch.

    Raises:
      UsageError: an unknown split or one without records, or a number below 1.
      ArtifactError: model or artifact is missing, incomplete or damaged, or they do not match.
    """
    at_least("limit", limit, 1)
    at_least("batch_size", batch_size, 1)
    trained, manifest = read_model_manifest(model), read_manifest(artifact)
    check_same_artifact(model, trained, artifact, manifest)
    batches = dataset(artifact, split, batch_size=batch_size, shuffle=limit is not None)
    _refuse_empty(artifact, split, manifest)
    answer = _compiled(_load(model), manifest.spec)
    found = []
    for features, labels in _first(batches, limit):
        given = {name: features[name] for name in trained.features}
        answers = _answers(answer(given), trained)
        found.append(Predictions({name: labels[name].numpy() for name in trained.labels}, answers))
        if on_rows:
            on_rows(len(next(iter(answers.values()))))
    return _joined(found)


def _refuse_empty(artifact: str, split: str, manifest: Manifest) -> None:
    if not manifest.rows.written[split]:
        filled = ", ".join(name for name, count in manifest.rows.written.items() if count)
        raise UsageError(
            f"{artifact}: got the split {split!r}, which has no records, expected one that has "
            f"some; give one of {filled}"
        )


def _load(model: str) -> keras.Model:
    path = ModelLayout(Path(model)).keras
    try:
        return keras.models.load_model(path, compile=False)
    except (ValueError, OSError, KeyError, BadZipFile) as error:
        what = one_line(error)
        raise ArtifactError(
            f"{path}: got a file that Keras cannot load ({what}), expected a trained model; "
            "run `text2seq train` again"
        ) from error


def _compiled(network: keras.Model, spec: Spec) -> Callable[[Tensors], Tensors]:
    """The model as one graph, whatever the size and length of a batch."""
    inputs = {name: _input(feature) for name, feature in spec.features.items()}

    @tf.function(input_signature=[inputs], autograph=False)
    def answer(features: Tensors) -> Tensors:
        return network(features, training=False)

    return answer


def _input(feature: object) -> tf.TensorSpec:
    if isinstance(feature, TextFeature):
        return tf.TensorSpec((None, None), tf.int64)
    return tf.TensorSpec((None,), tf.float32)


def _first(batches: tf.data.Dataset, limit: int | None) -> Iterator[tuple[Tensors, Tensors]]:
    """The batches, cut after `limit` rows."""
    if limit is None:
        yield from batches
        return
    left = limit
    for features, labels in batches:
        yield _cut(features, left), _cut(labels, left)
        left -= len(next(iter(labels.values())))
        if left <= 0:
            return


def _cut(tensors: Tensors, rows: int) -> Tensors:
    return {name: tensor[:rows] for name, tensor in tensors.items()}


def _answers(outputs: Tensors, trained: ModelManifest) -> Arrays:
    """The outputs of the heads, float32 (rows, units), in the shapes of the labels."""
    arrays = {name: outputs[name].numpy() for name in trained.labels}
    labels = trained.spec.labels
    return {name: a[:, 0] if _is_single(labels[name]) else a for name, a in arrays.items()}


def _is_single(label: object) -> bool:
    return isinstance(label, BinaryLabel) or (isinstance(label, NumberLabel) and label.size is None)


def _joined(parts: list[Predictions]) -> Predictions:
    first = parts[0]
    return Predictions(
        {name: np.concatenate([part.labels[name] for part in parts]) for name in first.labels},
        {name: np.concatenate([part.answers[name] for part in parts]) for name in first.answers},
    )
