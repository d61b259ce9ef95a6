"""Everything that a training needs to resume as if it had never been interrupted.

Keras' BackupAndRestore leaves out the state of the seed generators, so that dropout would draw
other numbers after a restart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import keras
import numpy as np
from pydantic import TypeAdapter

from preprocess.core.errors import ArtifactError, one_line
from preprocess.core.finite_json import finite_json
from preprocess.core.storage import read_bytes, replacing
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import FORMAT_VERSION

_PROGRESS = "progress"


@dataclass
class TrainingProgress:
    """How far a training has come.

    Attributes:
      identity: fingerprint of what is trained on what; a training resumes only with the same.
      epochs: epochs finished.
      history: losses and metrics by epoch; None, once saved, for what is not finite.
      best: the least monitored loss; None before the first.
      best_epoch: its epoch, from 1.
      best_sha256: of the file of its weights.
      stopping_best: what early stopping compares with, which `min_delta` may keep from `best`;
        None, once saved, while it is infinite.
      wait: epochs without improvement, as early stopping counts them.
      stopped: whether early stopping has ended the training.
      vectors: words found in and missing from pretrained vectors, by embedding.
      format_version: of the model that is trained; 1 wrote none.
    """

    identity: str
    epochs: int = 0
    history: dict[str, list[float | None]] = field(default_factory=dict)
    best: float | None = None
    best_epoch: int = 0
    best_sha256: str = ""
    stopping_best: float | None = None
    wait: int = 0
    stopped: bool = False
    vectors: dict[str, tuple[int, int]] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION


_PROGRESS_TYPE = TypeAdapter(TrainingProgress)


def save_state(layout: ModelLayout, model: keras.Model, progress: TrainingProgress) -> None:
    """Writes weights, seed generators, optimizer and progress, whole or not at all."""
    arrays = {f"variable_{i}": v.numpy() for i, v in enumerate(_variables(model))}
    arrays[_PROGRESS] = np.frombuffer(finite_json(asdict(progress)).encode(), np.uint8)
    _save(layout.state, arrays)
    _delete_other_bests(layout, progress)


def save_best(layout: ModelLayout, model: keras.Model, progress: TrainingProgress) -> None:
    """Writes the weights of the epoch that `progress` calls the best, and notes their hash.

    Each epoch has a file of its own, so that the one which the last saved state names is there
    whenever a training is killed.
    """
    path = layout.best(progress.best_epoch)
    _save(path, {f"weight_{i}": weight.numpy() for i, weight in enumerate(model.weights)})
    progress.best_sha256 = hashlib.sha256(read_bytes(path)).hexdigest()


def read_progress(path: str) -> TrainingProgress:
    """The progress that `save_state` wrote.

    Raises:
      ArtifactError: the file is damaged, or of another format.
    """
    try:
        content = _load(path)[_PROGRESS].tobytes()
        version = json.loads(content).get("format_version", 1)
        if version == FORMAT_VERSION:
            return _checked(_PROGRESS_TYPE.validate_json(content, strict=True))
        newer = version > FORMAT_VERSION
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, ArtifactError):
            raise
        raise _damaged(path, error) from error
    remedy = "update text2seq" if newer else "train again without --resume"
    raise ArtifactError(
        f"{path}: got format version {version}, expected {FORMAT_VERSION}; {remedy}"
    )


def _checked(progress: TrainingProgress) -> TrainingProgress:
    """`progress`, unless it contradicts itself.

    Raises:
      ValueError: it does.
    """
    lengths = {len(values) for values in progress.history.values()}
    if lengths != {progress.epochs} or not 0 <= progress.best_epoch <= progress.epochs:
        raise ValueError(f"{progress.epochs} epochs, and a history of {sorted(lengths)}")
    return progress


def restore_state(layout: ModelLayout, model: keras.Model) -> None:
    """Sets what `save_state` wrote of a model that is compiled alike.

    Raises:
      ArtifactError: the file is damaged, or of another model.
    """
    arrays = dict(_load(layout.state))
    del arrays[_PROGRESS]
    _assign(layout.state, _variables(model), "variable", arrays)


def restore_best(layout: ModelLayout, model: keras.Model, progress: TrainingProgress) -> None:
    """Sets the weights of the best epoch.

    Raises:
      ArtifactError: their file is missing, damaged, or of another training.
    """
    path = layout.best(progress.best_epoch)
    arrays = _load(path)
    if hashlib.sha256(read_bytes(path)).hexdigest() != progress.best_sha256:
        raise _damaged(path, "it is not the file that the training wrote")
    _assign(path, model.weights, "weight", arrays)


def _assign(path: str, variables: list[Any], name: str, arrays: Mapping[str, np.ndarray]) -> None:
    names = [f"{name}_{number}" for number in range(len(variables))]
    shapes = {key: tuple(v.shape) for key, v in zip(names, variables, strict=True)}
    if shapes != {key: array.shape for key, array in arrays.items()}:
        raise ArtifactError(
            f"{path}: got the weights of another model, expected those of this model file; train "
            "again without --resume"
        )
    for key, variable in zip(names, variables, strict=True):
        variable.assign(arrays[key])


def _variables(model: keras.Model) -> list[Any]:
    # `variables` of a model holds its seed generators' states, too.
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]


def _delete_other_bests(layout: ModelLayout, progress: TrainingProgress) -> None:
    named = layout.best(progress.best_epoch)
    for path in layout.checkpoints.glob("best-*.npz"):
        if str(path) != named:
            path.unlink()


def _save(path: str, arrays: Mapping[str, Any]) -> None:
    with replacing(path) as file:
        np.savez(file, **arrays)


def _load(path: str) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except Exception as error:  # zip, zlib and numpy raise anything for a damaged file
        raise _damaged(path, error) from error


def _damaged(path: str, error: object) -> ArtifactError:
    what = one_line(error) or type(error).__name__
    if "pickle" in what:  # numpy advises to open it as one
        what = "it is no archive of arrays"
    return ArtifactError(f"{path}: is damaged ({what}); train again without --resume")
