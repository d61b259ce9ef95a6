"""The export of a Keras model of one's own, as a program calls it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from preprocess.api.artifact import ArtifactLike, opened_artifact
from preprocess.api.input_data import path_of
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.api.trained_model import TrainedModel
from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.core.output import claimed
from preprocess.core.storage import as_local
from preprocess.trained_model.model_layout import MODEL, ModelLayout

with lazy_imports():
    from preprocess import export

if TYPE_CHECKING:
    import keras


def export_model(
    keras_model: keras.Model,
    artifact: ArtifactLike,
    output: str | os.PathLike[str],
    *,
    overwrite: bool = False,
) -> TrainedModel:
    """Exports a Keras model of one's own as one SavedModel, from raw strings to predictions.

    The model is used on it as one that `train` made: `evaluate`, `predict`, a report.

    Args:
      keras_model: functional, `Sequential`, or of a class of one's own; trained on
        `preprocess.dataset`. It takes what that gives as features, by the names of its inputs (a
        model with one input: the one text), and answers labels by name: probabilities (batch, 1)
        for a binary label, (batch, classes) for a category or multilabel, values for a number.
      artifact: that it was trained on: an `Artifact`, or the folder or URI of one.
      output: folder of the model: new, empty or ours.
      overwrite: replaces a finished model.

    Returns:
      The model, opened.

    Raises:
      UsageError: the model takes or answers something else, or the folder cannot be used.
      ArtifactError: a part of the artifact is missing or damaged.
    """
    path = as_local(path_of(output, "output"))
    if path is None:
        raise UsageError(f"{output}: got a URI, expected a local folder; choose another output")
    opened = opened_artifact(artifact)
    with quiet_libraries(), claimed(path, MODEL, overwrite=overwrite) as folder:
        export.export_own_model(keras_model, opened, ModelLayout(Path(folder.new)))
        folder.publish()
    return TrainedModel.open(path)
