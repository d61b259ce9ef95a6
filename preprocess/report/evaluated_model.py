"""What a report is made of that a model adds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from preprocess.core.errors import UsageError
from preprocess.evaluation import Predictions, measures, predict_records
from preprocess.evaluation.record_predictions import OnRows
from preprocess.model_file import ModelFile
from preprocess.report.artifact_data import ArtifactData
from preprocess.trained_model.model_manifest import ModelManifest, Outcome
from preprocess.trained_model.opened_model import OpenedModel

_PREFERRED = ("test", "validation", "train")


@dataclass(frozen=True)
class EvaluatedModel:
    """A model, and its answers to the records of a split.

    Attributes:
      model: opened.
      history: losses and metrics by epoch; NaN where they were not finite.
      split: whose records were answered.
      found: labels and answers of every record, in the order of `dataset(shuffle=False)`.
    """

    model: OpenedModel
    history: Mapping[str, list[float]]
    split: str
    found: Predictions

    @classmethod
    def read(
        cls, model: OpenedModel, data: ArtifactData, split: str | None, on_rows: OnRows | None
    ) -> EvaluatedModel:
        """Lets the model answer.

        Raises:
          UsageError: there is no such split, or it has no records.
          ArtifactError: a part of the model is missing or damaged, or it is of another artifact.
        """
        model.check_same(data.artifact)
        history, chosen = _as_numbers(model.history()), split or default_split(data)
        found = predict_records(model, data.artifact, chosen, on_rows=on_rows)
        return cls(model, history, chosen, found)

    @property
    def manifest(self) -> ModelManifest:
        """What the model declares."""
        return self.model.manifest

    @property
    def outcome(self) -> Outcome:
        """How training went; not known of a Keras model of the user's own."""
        assert self.manifest.outcome is not None
        return self.manifest.outcome

    @property
    def declared(self) -> ModelFile:
        """What the model file declared; a Keras model of the user's own has none."""
        assert self.manifest.model is not None
        return self.manifest.model

    @cached_property
    def measures(self) -> dict[str, dict[str, Any]]:
        """What `preprocess.evaluate` measures for each label."""
        return measures(self.manifest, self.found)

    def class_names(self, label: str) -> Sequence[str]:
        """The name of each value that a label with classes takes, by value."""
        return self.model.classes(label)

    def of(self, label: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Truth and answers of a label, row by row."""
        return self.found.labels[label], self.found.answers[label]


def default_split(data: ArtifactData) -> str:
    """`test`, else `validation`, else `train`, else whichever has records.

    Raises:
      UsageError: none has.
    """
    for split in (*_PREFERRED, *data.splits):
        if split in data.splits:
            return split
    raise UsageError(
        f"{data.path}: got an artifact without records, expected some that the model can "
        "answer; report without the model"
    )


def _as_numbers(history: Mapping[str, Sequence[float | None]]) -> dict[str, list[float]]:
    """The history with NaN for what it holds null for, and for what is infinite."""

    def number(value: float | None) -> float:
        return math.nan if value is None or not math.isfinite(value) else value

    return {name: [number(value) for value in values] for name, values in history.items()}
