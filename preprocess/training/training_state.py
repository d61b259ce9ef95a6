"""Everything that a training needs to resume as if it had never been interrupted.

Keras' BackupAndRestore leaves out the state of the seed generators, so that dropout would draw
other numbers after a restart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from preprocess.core.errors import ArtifactError
from preprocess.core.local_files import replacing
from preprocess.trained_model.model_manifest import FORMAT_VERSION

_PROGRESS = "progress"


@dataclass
class TrainingProgress:
    """How far a training has come.

    Attributes:
      identity: fingerprint of what is trained on what; a training resumes only with the same.
      epochs: epochs finished.
      history: losses and metrics by epoch.
      best: the least monitored loss; None before the first.
      best_epoch: its epoch, from 1.
      stopping_best: what early stopping compares with, which `min_delta` may keep from `best`.
      wait: epochs without improvement, as early stopping counts them.
      stopped: whether early stopping has ended the training.
      vectors: words found in and missing from pretrained vectors, by embedding.
      format_version: of the model that is trained; 1 wrote none.
    """

    identity: str
    epochs: int = 0
    history: dict[str, list[float]] = field(default_factory=dict)
    best: float | None = None
    best_epoch: int = 0
    stopping_best: float | None = None
    wait: int = 0
    stopped: bool = False
    vectors: dict[str, tuple[int, int]] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION


def save_state(path: Path, model: keras.Model, progress: TrainingProgress) -> None:
    """Writes weights, seed generators, optimizer and progress, atomically."""
    arrays = {f"variable_{i}": v.numpy() for i, v in enumerate(_variables(model))}
    arrays[_PROGRESS] = np.frombuffer(json.dumps(asdict(progress)).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        np.savez(file, **arrays)


def read_progress(path: Path) -> TrainingProgress:
    """The progress that `save_state` wrote.

    Raises:
      ArtifactError: the file is damaged, or of another format.
    """
    progress = json.loads(_load(path)[_PROGRESS].tobytes())
    version = progress.get("format_version", 1)
    if version != FORMAT_VERSION:
        remedy = "update text2seq" if version > FORMAT_VERSION else "train again without --resume"
        raise ArtifactError(
            f"{path}: got format version {version}, expected {FORMAT_VERSION}; {remedy}"
        )
    return TrainingProgress(**progress)


def restore_state(path: Path, model: keras.Model) -> None:
    """Sets what `save_state` wrote of a model that is compiled alike.

    Raises:
      ArtifactError: the file is damaged, or of another model.
    """
    arrays, variables = _load(path), _variables(model)
    saved = [arrays.get(f"variable_{i}") for i in range(len(arrays) - 1)]
    if [v.shape for v in variables] != [a.shape for a in saved if a is not None]:
        raise ArtifactError(
            f"{path}: got the weights of another model, expected those of this model file; train "
            "again without --resume"
        )
    for variable, array in zip(variables, saved, strict=True):
        variable.assign(array)


def _variables(model: keras.Model) -> list[Any]:
    # `variables` of a model holds its seed generators' states, too.
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]


def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path) as file:
            return dict(file)
    except (OSError, ValueError) as error:
        raise ArtifactError(
            f"{path}: is damaged ({error}); train again without --resume"
        ) from error
