"""Where a training starts: at the beginning, or after the last finished epoch of another run."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from preprocess.core.errors import Text2SeqError, UsageError
from preprocess.core.output import ClaimedFolder
from preprocess.core.output.swap import STATE
from preprocess.core.storage import delete_tree, storage_of
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.training.training_state import TrainingProgress, read_progress

logger = logging.getLogger(__name__)


def begun(folder: ClaimedFolder, identity: str, resume: bool) -> TrainingProgress:
    """The progress of the training that is to go on in a claimed folder.

    A finished model keeps its own state until it is replaced: the run that continues it gets a
    copy.

    Args:
      folder: of the model.
      identity: of the training, see `TrainingJob.identity`.
      resume: whether it resumes after the last finished epoch, of an interrupted training if
        there is one, else of a finished one.

    Raises:
      UsageError: what is there is another training.
      ArtifactError: a checkpoint is damaged.
    """
    places = [f"{folder.root}/{STATE}", folder.root] if resume else []
    states = {place: ModelLayout(Path(place)).state for place in places}
    refused: list[Text2SeqError] = []
    for place in (place for place, state in states.items() if Path(state).exists()):
        try:
            return _resumed(folder, place, read_progress(states[place]), identity)
        except Text2SeqError as error:  # another place may have what is looked for
            refused.append(error)
    if refused:
        raise refused[0]
    if resume:
        logger.info("%s: has no finished epoch; starting anew", folder.root)
    clear_state(folder, folder.state)
    return TrainingProgress(identity)


def _resumed(
    folder: ClaimedFolder, place: str, progress: TrainingProgress, identity: str
) -> TrainingProgress:
    if progress.identity != identity:
        raise UsageError(
            f"{folder.root}: got another model file, artifact or --limit than the "
            "training to be resumed had, expected the same; give the same, or train anew with "
            "--overwrite"
        )
    if place != folder.state:
        _copy_state(folder, place)
    logger.info("%s: resumes after epoch %d", folder.root, progress.epochs)
    return progress


def clear_state(folder: ClaimedFolder, place: str) -> None:
    """Deletes the state in a place unless a training can be resumed from it."""
    if not Path(ModelLayout(Path(place)).state).exists():
        for name in folder.kind.state:
            delete_tree(f"{place}/{name}")
        if place != folder.root:
            delete_tree(place)


def _copy_state(folder: ClaimedFolder, place: str) -> None:
    """Copies a state, so that it is there whole or not at all; the checkpoints come last."""
    copied = Path(folder.work, "state")
    for name in reversed(folder.kind.state):
        source = Path(place, name)
        if source.is_dir():
            shutil.copytree(source, copied / name)
        elif source.exists():
            copied.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copied / name)
    for name in reversed(folder.kind.state):
        delete_tree(f"{folder.state}/{name}")
        storage_of(folder.state).move(str(copied / name), f"{folder.state}/{name}")
