"""Measures a trained model on a split of an artifact."""

from __future__ import annotations

from typing import Any

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.evaluation.metrics import measure
from preprocess.evaluation.record_predictions import OnRows, Predictions, predict_records
from preprocess.trained_model.model_manifest import ModelManifest
from preprocess.trained_model.opened_model import OpenedModel


def evaluate_model(
    model: OpenedModel, artifact: OpenedArtifact, split: str, on_rows: OnRows | None = None
) -> dict[str, dict[str, Any]]:
    """What `measure` finds for each label that a model predicts; see `preprocess.evaluate`.

    Raises:
      UsageError: an unknown split or one without records.
      ArtifactError: model or artifact is incomplete or damaged, or they do not match.
    """
    return measures(model.manifest, predict_records(model, artifact, split, on_rows=on_rows))


def measures(trained: ModelManifest, found: Predictions) -> dict[str, dict[str, Any]]:
    """What `measure` finds for each label, of predictions that are there already."""
    return {
        name: measure(
            kind,
            found.labels[name],
            found.answers[name],
            trained.class_names(name),
            trained.loss(name),
            trained.scales.get(name),
        )
        for name, kind in trained.labels.items()
    }
