"""Training and evaluation, as a program calls them."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.evaluation import evaluate_model
from preprocess.evaluation.record_predictions import OnRows
from preprocess.model_file import ModelFile
from preprocess.trained_model.model_manifest import ModelManifest
from preprocess.trained_model.opened_model import OpenedModel
from preprocess.training import TrainOptions, train_model


class TrainKeywords(TypedDict, total=False):
    """The options of `train`; see there."""

    epochs: int | None
    limit: int | None
    resume: bool
    overwrite: bool


def train(
    artifact: str, model_file: str | ModelFile, output: str, **options: Unpack[TrainKeywords]
) -> ModelManifest:
    """Trains a model on an artifact, and exports it.

    The split `train` is trained on; the best epoch's weights are kept where the split that
    `training.validation` names is there, else the last. Progress goes to standard error.

    Args:
      artifact: folder or URI that `text2seq build` made.
      model_file: path of a model file, or what it declares.
      output: folder of the model: new, empty or ours.
      epochs: instead of the model file's; default: None.
      limit: trains and validates on about so many examples an epoch, in whole batches.
      resume: resumes after the last finished epoch of an interrupted training; one that has not
        finished any starts from the beginning. On the CPU the weights become those of a training
        that was not interrupted, bit for bit.
      overwrite: replaces a finished model.

    Returns:
      The manifest, `model.json`.

    Raises:
      SpecError: the model file cannot be used, or does not fit the artifact.
      ArtifactError: the artifact is missing or incomplete, or a checkpoint is damaged.
      UsageError: the output folder cannot be used, or what is resumed is something else.
      TrainingError: the loss is no number any more.
    """
    opened = OpenedArtifact.open(artifact)
    opened.check_vocabularies()  # before a model is made of as many rows and outputs
    return train_model(opened, model_file, output, TrainOptions(**options))


def evaluate(
    model: str,
    artifact: str,
    split: str = "test",
    on_rows: OnRows | None = None,
) -> dict[str, dict[str, Any]]:
    """What `measure` finds for each label that the model predicts.

    Args:
      model: folder that `text2seq train` made.
      artifact: folder or URI; the one that the model was trained on, or one of equal meaning.
      split: one of the artifact's splits.
      on_rows: called with the number of rows after each batch.

    Returns:
      By label, in the order of the model's heads; fit for `json.dumps`.

    Raises:
      UsageError: an unknown split or one without records.
      ArtifactError: model or artifact is missing, incomplete or damaged, or they do not match.
    """
    return evaluate_model(OpenedModel.open(model), OpenedArtifact.open(artifact), split, on_rows)
