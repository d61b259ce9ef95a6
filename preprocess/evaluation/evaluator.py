"""Measures a trained model on a split of an artifact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from preprocess.evaluation.metrics import measure
from preprocess.evaluation.record_predictions import Predictions, predict_records
from preprocess.trained_model.model_manifest import ModelManifest, read_model_manifest


def evaluate(
    model: str,
    artifact: str,
    split: str = "test",
    on_rows: Callable[[int], None] | None = None,
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
    trained = read_model_manifest(model)
    return measures(trained, predict_records(model, artifact, split, on_rows=on_rows))


def measures(trained: ModelManifest, found: Predictions) -> dict[str, dict[str, Any]]:
    """What `measure` finds for each label, of predictions that are there already."""
    return {
        label: measure(
            kind,
            found.labels[label],
            found.answers[label],
            trained.classes.get(label, ()),
            trained.model.loss(label, kind),
        )
        for label, kind in trained.labels.items()
    }
