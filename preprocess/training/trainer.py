"""From an artifact and a model file to a trained, servable model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import UsageError
from preprocess.core.output import claimed, clearing
from preprocess.core.storage import as_local
from preprocess.data.reading import reading_splits
from preprocess.export import export_model
from preprocess.model_file import ModelFile, load_model_file
from preprocess.models.model_plan import plan_model
from preprocess.trained_model.model_layout import MODEL, ModelLayout
from preprocess.trained_model.model_manifest import ModelManifest
from preprocess.training.resumption import begun, clear_state
from preprocess.training.training_job import TrainingJob


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


def train_model(
    artifact: OpenedArtifact, model_file: str | ModelFile, output: str, options: TrainOptions
) -> ModelManifest:
    """Trains a model on an artifact, and exports it; see `preprocess.train`.

    Raises:
      SpecError: the model file cannot be used, or does not fit the artifact.
      ArtifactError: a part of the artifact is missing, or a checkpoint is damaged.
      UsageError: the output folder cannot be used, or what is resumed is something else.
      TrainingError: the loss is no number any more.
    """
    path = model_file if isinstance(model_file, str) else "model file"
    declared = load_model_file(model_file) if isinstance(model_file, str) else model_file
    declared = _with_epochs(declared, options.epochs)
    plan = plan_model(declared, artifact.manifest, path)
    job = TrainingJob(artifact, declared, plan, options.limit)
    job.check(path)
    _check_parts(artifact)
    local = as_local(output)
    if local is None:
        raise UsageError(f"{output}: got a URI, expected a local folder; choose another --output")
    with claimed(local, MODEL, overwrite=options.overwrite, resume=options.resume) as folder:
        place = folder.state
        state = ModelLayout(Path(place))
        progress = begun(folder, job.identity, options.resume)
        with clearing(lambda: clear_state(folder, place)):
            with reading_splits(artifact, artifact.manifest.splits):
                trained = job.run(progress, state)
            manifest = export_model(trained, ModelLayout(Path(folder.new)), state.history)
            folder.publish()
    return manifest


def _check_parts(artifact: OpenedArtifact) -> None:
    """Refuses damage before the training that is else found only when its model is exported."""
    vocabularies = artifact.manifest.vocabulary_sizes
    for path in (artifact.layout.serving, *map(artifact.layout.words_tsv, vocabularies)):
        artifact.files.check(path)


def _with_epochs(declared: ModelFile, epochs: int | None) -> ModelFile:
    if epochs is None:
        return declared
    if epochs < 1:
        raise UsageError(f"got --epochs {epochs}, expected at least 1")
    training = declared.training.model_copy(update={"epochs": epochs})
    return declared.model_copy(update={"training": training})
