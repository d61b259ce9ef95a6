"""Training, evaluation and export, as a program calls them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from preprocess.api.artifact import ArtifactLike, opened_artifact
from preprocess.api.input_data import path_of
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.api.trained_model import ModelLike, TrainedModel, evaluated, opened_model
from preprocess.core.lazy import lazy_imports
from preprocess.model_file import ModelFile, model_file_of

with lazy_imports():
    from preprocess import training

if TYPE_CHECKING:
    from preprocess.evaluation.record_predictions import OnRows


def train(
    artifact: ArtifactLike,
    model_file: str | os.PathLike[str] | Mapping[str, Any] | ModelFile,
    output: str | os.PathLike[str],
    *,
    epochs: int | None = None,
    limit: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
) -> TrainedModel:
    """Trains a model on an artifact, and exports it.

    The split `train` is trained on; the best epoch's weights are kept where the split that
    `training.validation` names is there, else the last. Progress goes to standard error.

    Args:
      artifact: an `Artifact`, or the folder or URI of one.
      model_file: path of a model file (YAML or JSON), or what it declares, as a dict or a
        `ModelFile`; `{}` will do. Relative paths in a file start at its folder, others at the
        working directory.
      output: folder of the model: new, empty or ours.
      epochs: instead of the model file's; default: None.
      limit: trains and validates on about so many examples an epoch, in whole batches.
      resume: resumes after the last finished epoch of an interrupted training; one that has not
        finished any starts from the beginning. On the CPU the weights become those of a training
        that was not interrupted, bit for bit.
      overwrite: replaces a finished model.

    Returns:
      The model, opened.

    Raises:
      SpecError: the model file cannot be used, or does not fit the artifact.
      ArtifactError: the artifact is missing or incomplete, or a checkpoint is damaged.
      UsageError: the output folder cannot be used, or what is resumed is something else.
      TrainingError: the loss is no number any more.
    """
    options = training.TrainOptions(epochs, limit, resume, overwrite)
    declared = model_file if isinstance(model_file, ModelFile) else _declared(model_file)
    planned = training.plan_training(
        opened_artifact(artifact), declared, path_of(output, "output"), options
    )
    with quiet_libraries():
        training.run_training(planned)
    return TrainedModel.open(planned.output)


def evaluate(
    model: ModelLike,
    artifact: ArtifactLike,
    split: str = "test",
    on_rows: OnRows | None = None,
) -> dict[str, dict[str, Any]]:
    """How good a model's answers to the records of a split are, for each label that it predicts.

    Args:
      model: a `TrainedModel`, or the folder of one.
      artifact: the one that the model was trained on, or one of equal meaning.
      split: one of the artifact's splits.
      on_rows: called with the number of rows after each batch.

    Returns:
      Measures by label, in the order of the model's heads; fit for `json.dumps`.

    Raises:
      UsageError: an unknown split or one without records.
      ArtifactError: model or artifact is missing, incomplete or damaged, or they do not match.
    """
    return evaluated(opened_model(model), opened_artifact(artifact), split, on_rows)


def _declared(model_file: str | os.PathLike[str] | Mapping[str, Any]) -> str | ModelFile:
    if isinstance(model_file, Mapping):
        return model_file_of(model_file)
    return path_of(model_file, "model_file")
