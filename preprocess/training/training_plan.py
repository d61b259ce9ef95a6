"""What a training is going to do, checked as far as it can be without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import SpecError, UsageError
from preprocess.core.output import check_output
from preprocess.core.storage import as_local
from preprocess.model_file import ModelFile, load_model_file
from preprocess.models.model_plan import ModelPlan, plan_model
from preprocess.models.number_scales import number_scales
from preprocess.spec import TRAIN
from preprocess.trained_model.model_layout import MODEL


@dataclass(frozen=True)
class TrainOptions:
    """How a training is run, beside what the model file declares.

    Attributes:
      epochs: instead of the model file's.
      limit: trains and validates on about so many examples an epoch, in whole batches.
      resume: resumes after the last finished epoch of an interrupted training; one that has not
        finished any starts from the beginning. On the CPU the weights become those of a training
        that was not interrupted, bit for bit.
      overwrite: replaces a finished model.
    """

    epochs: int | None = None
    limit: int | None = None
    resume: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class TrainingPlan:
    """A training that has been checked.

    Attributes:
      artifact: that is trained on.
      declared: the model file, with the epochs to run.
      model: what is built.
      output: the folder, a local path.
      options: how it is run.
    """

    artifact: OpenedArtifact
    declared: ModelFile
    model: ModelPlan
    output: str
    options: TrainOptions

    @property
    def limit(self) -> int | None:
        """About how many examples an epoch has; None for all."""
        return self.options.limit

    @property
    def written(self) -> dict[str, int]:
        """Records by split."""
        return self.artifact.manifest.rows.written

    @property
    def validates(self) -> bool:
        """Whether there is a split to watch the loss on."""
        return bool(self.written.get(self.declared.training.validation))


def plan_training(
    artifact: OpenedArtifact, model_file: str | ModelFile, output: str, options: TrainOptions
) -> TrainingPlan:
    """Checks what was asked of a training.

    Args:
      artifact: is trained on.
      model_file: path of a model file, or what it declares.
      output: folder of the model.
      options: how it is run.

    Raises:
      SpecError: the model file cannot be used, or does not fit the artifact.
      ArtifactError: the words or classes of the artifact are damaged.
      UsageError: the output folder cannot be used, or there is nothing to train on.
    """
    path = model_file if isinstance(model_file, str) else "model file"
    declared = load_model_file(model_file) if isinstance(model_file, str) else model_file
    local = as_local(output)
    if local is None:
        raise UsageError(f"{output}: got a URI, expected a local folder; choose another --output")
    check_output(local, MODEL, overwrite=options.overwrite, resume=options.resume)
    artifact.check_vocabularies()  # before a model is made of as many rows and outputs
    declared = _with_epochs(declared, options.epochs)
    model = plan_model(declared, artifact.manifest, path, number_scales(artifact))
    planned = TrainingPlan(artifact, declared, model, local, options)
    _check(planned, path)
    return planned


def _with_epochs(declared: ModelFile, epochs: int | None) -> ModelFile:
    if epochs is None:
        return declared
    if epochs < 1:
        raise UsageError(f"got --epochs {epochs}, expected at least 1")
    training = declared.training.model_copy(update={"epochs": epochs})
    return declared.model_copy(update={"training": training})


def _check(planned: TrainingPlan, path: str) -> None:
    """Refuses a training that cannot succeed; `path` names the model file."""
    if not planned.written.get(TRAIN):
        raise UsageError(
            f"{planned.artifact.path}: got no example in the split train, expected some to train "
            "on; build the artifact with rows for it"
        )
    if planned.limit is not None and planned.limit < 1:
        raise UsageError(f"got --limit {planned.limit}, expected at least 1")
    training = planned.declared.training
    if training.early_stopping is not None and not planned.validates:
        raise SpecError(
            f"{path}: training.early_stopping: got an artifact without examples in the split "
            f"{training.validation!r}, expected some to watch the loss on; build it with such "
            "a split, name another in training.validation, or remove early_stopping"
        )
