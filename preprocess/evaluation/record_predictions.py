"""What a trained model answers to the records of an artifact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import UsageError
from preprocess.data.batching import Batching, at_least
from preprocess.data.datasets import DatasetOptions, open_dataset
from preprocess.data.reading import reading_splits
from preprocess.graph.signatures import ask
from preprocess.spec import Spec, TextFeature
from preprocess.trained_model.model_manifest import ModelManifest
from preprocess.trained_model.opened_model import OpenedModel

OnRows = Callable[[int], None]
Arrays = dict[str, NDArray[Any]]
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
    model: OpenedModel,
    artifact: OpenedArtifact,
    split: str,
    *,
    limit: int | None = None,
    batch_size: int = 256,
    on_rows: OnRows | None = None,
) -> Predictions:
    """Runs the Keras model over the records of a split; all answers are held in memory.

    Args:
      model: trained.
      artifact: the one that the model was trained on, or one of equal meaning.
      split: one of the artifact's splits.
      limit: rows that are taken at most, the first in the order of `dataset(seed=0)`; None: all,
        in the order of the files.
      batch_size: rows of a batch.
      on_rows: called with the number of rows after each batch.

    Raises:
      UsageError: an unknown split or one without records, or a number below 1.
      ArtifactError: model or artifact is incomplete or damaged, or they do not match.
    """
    at_least("limit", limit, 1)
    at_least("batch_size", batch_size, 1)
    model.check_same(artifact)
    options = DatasetOptions(Batching(batch_size), shuffle=limit is not None)
    batches = open_dataset(artifact, split, options)
    _refuse_empty(artifact, split)
    trained, answer = model.manifest, _answering(model, artifact.spec)
    found = []
    with reading_splits(artifact, [split]):
        for features, labels in _first(batches, limit):
            answers = _answers(answer(features), trained)
            truth = {name: labels[name].numpy() for name in trained.labels}
            found.append(Predictions(truth, answers))
            if on_rows:
                on_rows(len(next(iter(answers.values()))))
    return _joined(found)


def _refuse_empty(artifact: OpenedArtifact, split: str) -> None:
    written = artifact.manifest.rows.written
    if not written[split]:
        filled = ", ".join(name for name, count in written.items() if count)
        raise UsageError(
            f"{artifact.path}: got the split {split!r}, which has no records, expected one that "
            f"has some; give one of {filled}"
        )


def _answering(model: OpenedModel, spec: Spec) -> Callable[[Tensors], Tensors]:
    """The model as one graph, from what a batch of records holds to answers."""
    if model.manifest.model is None:  # whose layers Keras may not be able to load
        served = model.serving()
        return lambda features: ask(served.signatures["records"], features)
    answer, names = _compiled(model.network(), spec), model.manifest.features
    return lambda features: answer({name: features[name] for name in names})


def _compiled(network: keras.Model, spec: Spec) -> Callable[[Tensors], Tensors]:
    """The model as one graph, whatever the size and length of a batch."""
    inputs = {name: _input(feature) for name, feature in spec.features.items()}

    @tf.function(input_signature=[inputs], autograph=False)
    def answer(features: Tensors) -> Tensors:
        answers: Tensors = network(features, training=False)
        return answers

    compiled: Callable[[Tensors], Tensors] = answer
    return compiled


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
    return {name: a.reshape(len(a), *trained.answer_shape(name)) for name, a in arrays.items()}


def _joined(parts: list[Predictions]) -> Predictions:
    first = parts[0]
    return Predictions(
        {name: np.concatenate([part.labels[name] for part in parts]) for name in first.labels},
        {name: np.concatenate([part.answers[name] for part in parts]) for name in first.answers},
    )
