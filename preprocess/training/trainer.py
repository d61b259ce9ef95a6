"""From an artifact and a model file to a trained, servable model."""

from __future__ import annotations

import logging
from pathlib import Path

from preprocess.artifact.advice import on_splits
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.output import claimed, clearing
from preprocess.data.reading import reading_splits
from preprocess.export import export_model
from preprocess.trained_model.model_layout import MODEL, ModelLayout
from preprocess.trained_model.model_manifest import ModelManifest
from preprocess.training.resumption import begun, clear_state
from preprocess.training.training_job import TrainingJob
from preprocess.training.training_plan import TrainingPlan

logger = logging.getLogger(__name__)

logger = logging.getLogger(__name__)


def run_training(planned: TrainingPlan) -> ModelManifest:
    """Trains the model of a plan, and exports it.

    Raises:
      ArtifactError: a part of the artifact is missing, or a checkpoint is damaged.
      UsageError: the output folder cannot be used, or what is resumed is something else.
      TrainingError: the loss is no number any more.
    """
    job, artifact, options = TrainingJob(planned), planned.artifact, planned.options
    _check_parts(artifact)
    with claimed(
        planned.output, MODEL, overwrite=options.overwrite, resume=options.resume
    ) as folder:
        place = folder.state
        state = ModelLayout(Path(place))
        progress = begun(folder, job.identity, options.resume)
        with clearing(lambda: clear_state(folder, place)):
            with reading_splits(artifact, artifact.manifest.splits):
                trained = job.run(progress, state)
            manifest = export_model(trained, ModelLayout(Path(folder.new)), state.history)
            folder.publish()
    for line in on_splits(artifact):
        logger.warning("%s", line)
    return manifest


def _check_parts(artifact: OpenedArtifact) -> None:
    """Refuses damage before the training that is else found only when its model is exported."""
    vocabularies = artifact.manifest.vocabulary_sizes
    for path in (artifact.layout.serving, *map(artifact.layout.words_tsv, vocabularies)):
        artifact.files.check(path)
