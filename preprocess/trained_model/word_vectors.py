"""What an Embedding layer maps: word to row, and row to word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.trained_model.embedding_metadata import parse_metadata
from preprocess.trained_model.model_manifest import EmbeddingTable
from preprocess.trained_model.opened_model import OpenedModel

with lazy_imports():
    import keras

Vector = NDArray[np.float32]


class WordVectors(Mapping[str, Vector]):
    """Word to vector: the row of an embedding that the word's id chooses.

    Example:
      >>> vectors = WordVectors({"good": 1, "bad": 2}, np.eye(3, dtype="float32"))
      >>> vectors["good"]
      array([0., 1., 0.], dtype=float32)
    """

    def __init__(self, words: Mapping[str, int], rows: Vector) -> None:
        """Combines words with the rows of an embedding.

        Args:
          words: word to id, such as a `WordIndex`.
          rows: float32 (ids, dim), the weights of the embedding.
        """
        self._words = words
        self._rows = rows

    def __getitem__(self, word: str) -> Vector:
        vector: Vector = self._rows[self._words[word]]
        return vector

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def nearest(self, word: str, n: int = 10) -> list[tuple[str, float]]:
        """The `n` words whose vectors have the largest cosine with that of `word`, and the cosine.

        Raises:
          KeyError: the vocabulary lacks `word`.
        """
        names, own = list(self._words), self[word]
        rows = self._rows[[self._words[name] for name in names]]
        lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(own)
        cosines = np.divide(rows @ own, lengths, out=np.zeros(len(rows)), where=lengths > 0)
        order = np.argsort(-cosines, kind="stable")
        others = [int(index) for index in order if names[index] != word]
        return [(names[index], float(cosines[index])) for index in others[:n]]


def vectors_of_model(model: OpenedModel, vocabulary: str) -> WordVectors:
    """The vectors of the words of a vocabulary.

    Args:
      model: trained.
      vocabulary: its name, or that of one of the model's embeddings.

    Raises:
      UsageError: there is no such vocabulary, or it has several embeddings.
      ArtifactError: a file of the model is missing or damaged.
    """
    name, table = _table(model, vocabulary)
    rows = model.network().get_layer(table.layer).embeddings.numpy()
    first = model.spec.vocabularies[table.vocabulary].ids.first_token
    words = model.files.read_text(str(model.layout.metadata(name)))
    return WordVectors(parse_metadata(words, first), rows)


def vectors_of_network(network: keras.Model, words: Mapping[str, int]) -> WordVectors:
    """The vectors of some words.

    Args:
      network: a Keras model with one embedding as large as the vocabulary.
      words: word to id.

    Raises:
      UsageError: it has another number of such embeddings.
    """
    return WordVectors(words, _only_embedding(network, words))


def _table(model: OpenedModel, vocabulary: str) -> tuple[str, EmbeddingTable]:
    tables = model.manifest.embeddings
    if vocabulary in tables:
        return vocabulary, tables[vocabulary]
    several = [name for name, table in tables.items() if table.vocabulary == vocabulary]
    what = f"one of {', '.join(several or tables)}"
    why = f"as {vocabulary!r} has several embeddings" if several else "an embedding of the model"
    raise UsageError(f"{model.path}: got {vocabulary!r}, expected {what}, {why}; give one of them")


def _only_embedding(model: keras.Model, words: Mapping[str, int]) -> Vector:
    needed = 1 + max(words.values(), default=0)
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Embedding)]
    fitting = [layer for layer in layers if layer.input_dim >= needed]
    if len(fitting) != 1:
        raise UsageError(
            f"got a model with {len(fitting)} embeddings of at least {needed:,} rows, expected "
            "one; use WordVectors(words, layer.embeddings.numpy()) with the layer you mean"
        )
    rows: NDArray[np.float32] = fitting[0].embeddings.numpy()
    return rows
