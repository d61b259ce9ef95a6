"""A trained model, as a program sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.prediction import SignaturePredictor
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
    def open(cls, path: str) -> TrainedModel:
        """Opens a model.

        Args:
          path: folder that `text2seq train` made.

        Raises:
          ArtifactError: it is missing, incomplete or of another format.
        """
        return cls(OpenedModel.open(path))

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


class Predictor(SignaturePredictor):
    """A model's `serving/`, loaded once, which answers raw rows.

    Attributes:
      manifest: of the model.
    """

    def __init__(self, model: str) -> None:
        """Loads a model.

        Args:
          model: folder that `text2seq train` made.

        Raises:
          ArtifactError: the model is missing, incomplete or damaged, or a package that its ops
            come from is not installed.
        """
        super().__init__(OpenedModel.open(model))


def read_model_manifest(model: str) -> ModelManifest:
    """Reads and checks the manifest of a trained model, a folder.

    Raises:
      ArtifactError: there is none, it is of another format, or it does not fit this package.
    """
    return OpenedModel.open(model).manifest


def word_vectors(model: str | keras.Model, vocabulary: str | Mapping[str, int]) -> WordVectors:
    """What the Embedding layer of a model maps: every word of a vocabulary to its vector.

    Args:
      model: folder that `text2seq train` made, or a Keras model with one embedding as large as
        the vocabulary.
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
    if isinstance(model, str | Path):
        opened = OpenedModel.open(str(model))
        if isinstance(vocabulary, str):
            return vectors_of_model(opened, vocabulary)
        return vectors_of_network(opened.network(), vocabulary)
    if isinstance(vocabulary, str):
        raise UsageError(
            f"got the name {vocabulary!r} beside a Keras model, expected a word index; give "
            "preprocess.Artifact.open('ARTIFACT').word_index('NAME'), or the folder of the model"
        )
    return vectors_of_network(model, vocabulary)
