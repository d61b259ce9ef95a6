"""Predicts raw rows with a model's SavedModel, and writes the answers as JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from preprocess.core.errors import UsageError
from preprocess.graph.signatures import ask
from preprocess.prediction.answers import Arrays, Row, answer_rows
from preprocess.prediction.given_columns import as_array, as_tensor, byte_lengths, row_count
from preprocess.trained_model.opened_model import OpenedModel

BATCH_ROWS = 256
_BATCH_BYTES = 4 << 20  # of text, as if all rows were as long as the longest

Columns = Mapping[str, NDArray[Any] | Sequence[Any]]
OnRows = Callable[[int], None]


def ignore(rows: int) -> None:
    """Does nothing with the number of rows that were answered."""


class SignaturePredictor:
    """A model's `serving/`, loaded once.

    Attributes:
      manifest: of the model.
    """

    def __init__(self, model: OpenedModel) -> None:
        """Loads what a model serves.

        Raises:
          ArtifactError: `serving/` is missing or damaged, or a package that its ops come from is
            not installed.
        """
        self.manifest = model.manifest
        self._loaded = model.serving()  # held, as it owns the signature's variables
        self._signature = self._loaded.signatures["serving_default"]

    def predict(self, columns: Columns) -> list[Row]:
        """Answers any number of rows.

        Args:
          columns: by feature. Text: str or bytes in UTF-8, or lists of them for a feature of
            tokens; numeric: numbers; shape (rows,).

        Returns:
          An object for each row, and in it one for each label, in the order of the model's heads:
          `{"probability": p}` (binary), `{"class": c, "probabilities": {c: p, ...}}` (category),
          `{"class": [those that are a yes], "probabilities": ...}` (multilabel) or
          `{"value": v}` (number; a list for a vector). Fit for `json.dumps`: floats have the
          fewest digits that give the same float32, NaN and infinities are None.
        """
        return list(answer_rows(self.answers(columns), self.manifest))

    def answers(self, columns: Columns, on_rows: OnRows = ignore) -> Arrays:
        """What the signature answers, by its names; nothing for no rows.

        Args:
          columns: as for `predict`.
          on_rows: called with the number of rows after each batch.

        Returns:
          In the order of the rows, first axis (rows,).

        Raises:
          UsageError: a column is missing, of another length than the others, or holds what is no
            text or no number.
        """
        given = self._given(columns)
        sizes = np.sum(
            [byte_lengths(given[name]) for name in self.manifest.spec.text_features], axis=0
        )
        order = np.argsort(sizes, kind="stable")
        parts = []
        for start, stop in batch_bounds(sizes[order]):
            chosen = order[start:stop]
            parts.append(self._answer({name: values[chosen] for name, values in given.items()}))
            on_rows(stop - start)
        back = np.argsort(order, kind="stable")
        names = parts[0] if parts else ()
        return {name: np.concatenate([part[name] for part in parts])[back] for name in names}

    def _given(self, columns: Columns) -> Arrays:
        """Object arrays of bytes or lists of them, and float32 arrays; shape (rows,)."""
        features = self.manifest.features
        counts = {name: row_count(name, columns[name]) for name in features if name in columns}
        if len(counts) < len(features) or len(set(counts.values())) > 1:
            found = ", ".join(f"{name} ({count:,} rows)" for name, count in counts.items())
            raise UsageError(
                f"got the columns {found or 'none'}, expected {', '.join(features)}, each with "
                "as many rows; give every column that the model takes"
            )
        raw = self.manifest.spec.raw_columns
        return {name: as_array(raw[name], name, columns[name]) for name in features}

    def _answer(self, columns: Arrays) -> Arrays:
        """One batch."""
        raw = self.manifest.spec.raw_columns
        tensors = {name: as_tensor(raw[name], values) for name, values in columns.items()}
        answers = ask(self._signature, tensors)
        return {name: tensor.numpy() for name, tensor in answers.items()}


def batch_bounds(sizes: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Start and stop of each batch of rows.

    Args:
      sizes: bytes of text of each row, ascending. A row that is too large alone stands alone.
    """
    start = 0
    while start < len(sizes):
        stop = min(start + BATCH_ROWS, len(sizes))
        while stop - start > 1 and (stop - start) * sizes[stop - 1] > _BATCH_BYTES:
            stop -= 1
        yield start, stop
        start = stop
