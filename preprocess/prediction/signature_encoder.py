"""Encodes texts with an artifact's SavedModel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.columns import RawColumn
from preprocess.graph.saved_model import load_saved_model
from preprocess.graph.signatures import ask
from preprocess.prediction.given_columns import as_array, as_tensor, byte_lengths
from preprocess.prediction.predictor import batch_bounds
from preprocess.spec.features import length_key

Ids = NDArray[np.int64]


class SignatureEncoder:
    """An artifact's `serving/`, loaded once."""

    def __init__(self, artifact: OpenedArtifact) -> None:
        """Loads what an artifact serves.

        Raises:
          ArtifactError: `serving/` is missing or damaged, or a package that its ops come from is
            not installed.
        """
        self._spec = artifact.spec
        serving = artifact.files.check(artifact.layout.serving)
        # Held, as it owns the signature's tables.
        self._loaded = load_saved_model(serving, artifact.manifest.op_libraries, "text2seq build")
        self._signature = self._loaded.signatures["serving_default"]

    def encode(self, texts: Sequence[Any], feature: str) -> list[Ids]:
        """The ids of texts, as serving answers them for one text feature.

        Args:
          texts: str, or bytes in UTF-8; lists of them for a feature of tokens.
          feature: whose vocabulary, maximal length and truncation count.

        Returns:
          int64 (tokens,) for each text, without padding.

        Raises:
          UsageError: names the first that is no text.
        """
        given = as_array(self._spec.raw_columns[feature], feature, texts)
        sizes = byte_lengths(given)
        order = np.argsort(sizes, kind="stable")
        found: dict[int, Ids] = {}
        for start, stop in batch_bounds(sizes[order]):
            rows = order[start:stop]
            found |= zip(rows.tolist(), self._ids(given[rows], feature), strict=True)
        return [found[row] for row in range(len(given))]

    def _ids(self, texts: NDArray[np.object_], feature: str) -> list[Ids]:
        answers = ask(self._signature, self._columns(texts, feature))
        padded, lengths = answers[feature].numpy(), answers[length_key(feature)].numpy()
        declared = self._spec.text_features[feature]
        at_the_end = declared.padding == "post"
        return [
            row[:length] if at_the_end else row[len(row) - length :]
            for row, length in zip(padded, lengths, strict=True)
        ]

    def _columns(self, texts: NDArray[np.object_], feature: str) -> dict[str, tf.Tensor]:
        """The other features are empty, as they change nothing of this one."""
        raw = self._spec.raw_columns
        empty = {name: _empty(raw[name], len(texts)) for name in self._spec.features}
        return {**empty, feature: as_tensor(raw[feature], texts)}


def _empty(raw: RawColumn, rows: int) -> tf.Tensor:
    """A column without a token, or of zeros."""
    if raw.content == "number":
        return tf.zeros([rows])
    return tf.fill([rows, 1] if raw.is_ragged else [rows], "")
