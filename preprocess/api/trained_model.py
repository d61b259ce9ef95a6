"""A trained model, as a program sees it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from preprocess.api.artifact import ArtifactLike, opened_artifact
from preprocess.api.input_data import path_of
from preprocess.api.notebook import model_table
from preprocess.api.prediction_data import Rows, stored_rows
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.core.progress_display import watched
from preprocess.spec import Spec
from preprocess.trained_model.model_manifest import ModelManifest
from preprocess.trained_model.opened_model import OpenedModel
from preprocess.trained_model.word_vectors import (
    WordVectors,
    vectors_of_model,
    vectors_of_network,
)

with lazy_imports():
    import keras

    from preprocess import evaluation, prediction

if TYPE_CHECKING:
    from preprocess.evaluation.record_predictions import OnRows


class TrainedModel:
    """What `text2seq train` made: a folder whose manifest has been read and checked.

    Example:
      >>> model = TrainedModel.open("model")
      >>> model.manifest.features
      ['text']
    """

    def __init__(self, opened: OpenedModel) -> None:
        """Shows an opened model; a program calls `TrainedModel.open`."""
        self._opened = opened

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> TrainedModel:
        """Opens a model.

        Args:
          path: folder that `text2seq train` made.

        Raises:
          ArtifactError: it is missing, incomplete or of another format.
        """
        return cls(OpenedModel.open(path_of(path, "path")))

    def __repr__(self) -> str:
        return f"TrainedModel({self.path!r})"

    @property
    def path(self) -> str:
        """The folder."""
        return self._opened.path

    @property
    def manifest(self) -> ModelManifest:
        """What the model declares: model file, labels, embeddings, and how training went."""
        return self._opened.manifest

    @property
    def spec(self) -> Spec:
        """What was declared of the build of its artifact."""
        return self._opened.spec

    def classes(self, label: str) -> Sequence[str]:
        """The name of each value that a label takes, by value; none for a number.

        Raises:
          UsageError: the model predicts no such label.
        """
        return self._opened.classes(label)

    def evaluate(self, artifact: ArtifactLike, split: str = "test") -> dict[str, dict[str, Any]]:
        """How good the answers to the records of a split are, for each label.

        Args:
          artifact: the one that the model was trained on, or one of equal meaning: an `Artifact`,
            or the folder or URI of one.
          split: one of the artifact's splits.

        Returns:
          Measures by label, in the order of the model's heads; fit for `json.dumps`.

        Raises:
          UsageError: an unknown split or one without records.
          ArtifactError: model or artifact is incomplete or damaged, or they do not match.
        """
        return evaluated(self._opened, opened_artifact(artifact), split)

    def predict(self, rows: Rows) -> list[dict[str, Any]]:
        """The answers of the exported SavedModel to texts, or to raw rows without labels.

        Args:
          rows: a text or a list of texts, for a model of one text feature; or rows: a list of
            dicts, a dict of columns, or a table as `preprocess.build` takes it.

        Returns:
          A dict for each row, in their order: the kept columns that it has, then for each label
          `{"probability": p}` (binary), `{"class": c, "probabilities": {c: p, ...}}` (category;
          of a multilabel `class` is a list) or `{"value": v}` (number). For a row that cannot be
          used: its `error`, `source` and `row`.

        Raises:
          UsageError: texts for a model of several columns, or what is no row.
          InputError: a column is missing, or of a type that does not fit.
          ArtifactError: `serving/` is missing or damaged.
        """
        with (
            stored_rows(rows, self._opened.manifest) as given,
            quiet_libraries(),
            watched("predict") as watch,
        ):
            answers = prediction.predict_rows(
                self._predictor, given, lambda count: watch.add("answered", count, 0)
            )
            return list(answers)

    def word_vectors(self, vocabulary: str) -> WordVectors:
        """What the Embedding layer maps: every word of a vocabulary to its vector.

        Args:
          vocabulary: its name, or that of one of `embeddings/` where several embeddings use one.

        Returns:
          A mapping word → float32 (dim,).

        Raises:
          UsageError: there is no such vocabulary, or it has several embeddings.
          ArtifactError: a file of the model is missing or damaged.
        """
        with quiet_libraries():
            return vectors_of_model(self._opened, vocabulary)

    @cached_property
    def _predictor(self) -> prediction.SignaturePredictor:
        return prediction.SignaturePredictor(self._opened)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return model_table(self.path, self.manifest)


ModelLike: TypeAlias = str | os.PathLike[str] | TrainedModel
"""A trained model, or the folder of one."""


def opened_model(model: ModelLike) -> OpenedModel:
    """The opened value behind a model, or below a path.

    Raises:
      ArtifactError: it is missing, incomplete or of another format.
      UsageError: it is neither a model nor a path.
    """
    if isinstance(model, TrainedModel):
        return model._opened
    return OpenedModel.open(path_of(model, "model"))


def evaluated(
    model: OpenedModel, artifact: OpenedArtifact, split: str, on_rows: OnRows | None = None
) -> dict[str, dict[str, Any]]:
    """Measures of a model on a split; shows how far it is."""
    artifact.check_split(split)
    model.check_same(artifact)
    totals = {"answered": artifact.manifest.rows.written[split]}
    with quiet_libraries(), watched("evaluate", totals) as watch:

        def count(rows: int) -> None:
            watch.add("answered", rows, 0)
            if on_rows is not None:
                on_rows(rows)

        return evaluation.evaluate_model(model, artifact, split, count)


def read_model_manifest(model: ModelLike) -> ModelManifest:
    """Reads and checks the manifest of a trained model, a folder.

    Raises:
      ArtifactError: there is none, it is of another format, or it does not fit this package.
    """
    return opened_model(model).manifest


def word_vectors(
    model: ModelLike | keras.Model, vocabulary: str | Mapping[str, int]
) -> WordVectors:
    """What the Embedding layer of a model maps: every word of a vocabulary to its vector.

    Args:
      model: a `TrainedModel` or the folder of one, or a Keras model with one embedding as large
        as the vocabulary.
      vocabulary: name of a vocabulary of that folder, or of one of its `embeddings/` where
        several embeddings use one vocabulary; or, for a Keras model, word to id: a `WordIndex`.

    Returns:
      A mapping word → float32 (dim,).

    Raises:
      UsageError: there is no such vocabulary, or it has several embeddings.
      ArtifactError: the folder holds no finished model.

    Example:
      >>> word_vectors("model", "words")["the"].shape
      (4,)
    """
    if isinstance(model, str | os.PathLike | TrainedModel):
        opened = opened_model(model)
        if isinstance(vocabulary, str):
            return vectors_of_model(opened, vocabulary)
        return vectors_of_network(opened.network(), vocabulary)
    if isinstance(vocabulary, str):
        raise UsageError(
            f"got the name {vocabulary!r} beside a Keras model, expected a word index; give "
            "preprocess.Artifact.open('ARTIFACT').word_index('NAME'), or the folder of the model"
        )
    return vectors_of_network(model, vocabulary)
