"""What a report is made of that a model adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from preprocess.artifact.text_part import parse_object, read_text_part
from preprocess.core.errors import UsageError
from preprocess.evaluation import Predictions, measures, predict_records
from preprocess.report.artifact_data import ArtifactData
from preprocess.spec.labels import class_names
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    ModelManifest,
    check_same_artifact,
    read_model_manifest,
)

_PREFERRED = ("test", "validation", "train")


@dataclass(frozen=True)
class EvaluatedModel:
    """A model, and its answers to the records of a split.

    Attributes:
      folder: of the model.
      manifest: the content of `model.json`.
      history: losses and metrics by epoch.
      split: whose records were answered.
      found: labels and answers of every record, in the order of `dataset(shuffle=False)`.
    """

    folder: str
    manifest: ModelManifest
    history: Mapping[str, list[float]]
    split: str
    found: Predictions

    @classmethod
    def read(cls, model: str, data: ArtifactData, split: str | None) -> EvaluatedModel:
        """Reads the model and lets it answer.

        Raises:
          UsageError: there is no such split, or it has no records.
          ArtifactError: the model is missing or damaged, or of another artifact.
        """
        manifest, artifact = read_model_manifest(model), data.layout.root
        check_same_artifact(model, manifest, artifact, data.manifest)
        history = _history(ModelLayout(Path(model)).history)
        chosen = split or default_split(data)
        return cls(model, manifest, history, chosen, predict_records(model, artifact, chosen))

    @cached_property
    def measures(self) -> dict[str, dict[str, Any]]:
        """What `preprocess.evaluate` measures for each label."""
        return measures(self.manifest, self.found)

    def class_names(self, label: str) -> Sequence[str]:
        """The name of each value that a label with classes takes, by value."""
        return class_names(self.manifest.classes, label)

    def of(self, label: str) -> tuple[NDArray, NDArray]:
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
        f"{data.layout.root}: got an artifact without records, expected some that the model can "
        "answer; report without the model"
    )


def _history(path: Path) -> dict[str, list[float]]:
    command = "text2seq train"
    return parse_object(read_text_part(str(path), command), str(path), command)
