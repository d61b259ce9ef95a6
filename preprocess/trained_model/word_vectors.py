"""What an Embedding layer maps: word to row, and row to word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.trained_model.embedding_metadata import read_metadata
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    EmbeddingTable,
    ModelManifest,
    read_model_manifest,
)

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
        return self._rows[self._words[word]]

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
      >>> preprocess.word_vectors("model", "words")["good"]  # doctest: +SKIP
    """
    if isinstance(model, str | Path):
        return _of_folder(str(model), vocabulary)
    if isinstance(vocabulary, str):
        raise UsageError(
            f"got the name {vocabulary!r} beside a Keras model, expected a word index; give "
            "preprocess.WordIndex.read('ARTIFACT/vocabulary/NAME.tsv'), or the folder of the model"
        )
    return WordVectors(vocabulary, _only_embedding(model, vocabulary))


def _of_folder(model: str, vocabulary: str | Mapping[str, int]) -> WordVectors:
    manifest, layout = read_model_manifest(model), ModelLayout(Path(model))
    loaded = keras.models.load_model(layout.keras, compile=False)
    if not isinstance(vocabulary, str):
        return WordVectors(vocabulary, _only_embedding(loaded, vocabulary))
    name, table = _table(model, manifest, vocabulary)
    rows = loaded.get_layer(table.layer).embeddings.numpy()
    first = manifest.spec.vocabularies[table.vocabulary].ids.first_token
    return WordVectors(read_metadata(layout.metadata(name), first), rows)


def _table(model: str, manifest: ModelManifest, vocabulary: str) -> tuple[str, EmbeddingTable]:
    tables = manifest.embeddings
    if vocabulary in tables:
        return vocabulary, tables[vocabulary]
    several = [name for name, table in tables.items() if table.vocabulary == vocabulary]
    what = f"one of {', '.join(several or tables)}"
    why = f"as {vocabulary!r} has several embeddings" if several else "an embedding of the model"
    raise UsageError(f"{model}: got {vocabulary!r}, expected {what}, {why}; give one of them")


def _only_embedding(model: keras.Model, words: Mapping[str, int]) -> Vector:
    needed = 1 + max(words.values(), default=0)
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Embedding)]
    fitting = [layer for layer in layers if layer.input_dim >= needed]
    if len(fitting) != 1:
        raise UsageError(
            f"got a model with {len(fitting)} embeddings of at least {needed:,} rows, expected "
            "one; use WordVectors(words, layer.embeddings.numpy()) with the layer you mean"
        )
    return fitting[0].embeddings.numpy()
