"""Writes everything of a trained model; the manifest comes last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import keras

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.output_file import described, described_below
from preprocess.core.storage import write_file
from preprocess.export.embedding_export import export_embeddings
from preprocess.export.serving_model import export_serving_model
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import ModelPlan
from preprocess.models.text_encoder import embedding_layer
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    FORMAT_VERSION,
    EmbeddingTable,
    ModelManifest,
    Outcome,
    artifact_fingerprint,
)

LIBRARIES = ("text2seq", "tensorflow", "keras", "numpy")
"""Whose versions a model's manifest names."""


@dataclass(frozen=True)
class TrainingResult:
    """A trained model, and what it was trained on.

    Attributes:
      model: with the weights to export.
      plan: what the model was built from.
      declared: the model file.
      artifact: that it was trained on.
      outcome: how training went.
      vectors: by embedding, words found in and missing from pretrained vectors.
    """

    model: keras.Model
    plan: ModelPlan
    declared: ModelFile
    artifact: OpenedArtifact
    outcome: Outcome
    vectors: Mapping[str, tuple[int, int]]


def export_model(trained: TrainingResult, layout: ModelLayout, history: Path) -> ModelManifest:
    """Writes `model.keras`, `serving/`, `embeddings/` and, last, `model.json`.

    Args:
      trained: what is written.
      layout: where.
      history: the `history.json` that will stand beside it.
    """
    served = build_model(trained.plan, for_serving=True)
    _take_weights(served, trained.model)
    layout.root.mkdir(parents=True, exist_ok=True)
    plain = build_model(trained.plan)
    _take_weights(plain, trained.model)
    plain.save(layout.keras)  # without the optimizer, which is twice as large as the weights
    export_serving_model(trained.artifact, served, trained.plan, layout.serving)
    export_embeddings(trained.model, trained.plan, trained.artifact, layout)
    manifest = _manifest(trained, layout, history)
    write_file(str(layout.manifest), [manifest.to_json().encode()])
    return manifest


def _take_weights(model: keras.Model, trained: keras.Model) -> None:
    """By name: in which order a model has its weights depends on its dropout layers, too."""
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(trained.get_layer(layer.name).get_weights())


def _manifest(trained: TrainingResult, layout: ModelLayout, history: Path) -> ModelManifest:
    written = described_below(str(layout.root), layout.exported)
    artifact = trained.artifact.manifest
    return ModelManifest(
        format_version=FORMAT_VERSION,
        versions={name: version(name) for name in LIBRARIES},
        model=trained.declared,
        spec=artifact.spec,
        artifact=artifact_fingerprint(artifact),
        vocabulary_sizes=artifact.vocabulary_sizes,
        classes=artifact.classes,
        kept=artifact.kept,
        op_libraries=artifact.op_libraries,
        labels={head.name: head.label.kind for head in trained.plan.heads},
        scales={h.name: h.scale for h in trained.plan.heads if h.scale is not None},
        embeddings={name: _table(trained, name) for name in trained.plan.embeddings},
        outcome=trained.outcome,
        files=[described(str(history), history.name), *written],
    )


def _table(trained: TrainingResult, name: str) -> EmbeddingTable:
    text = trained.plan.embeddings[name]
    found, missing = trained.vectors.get(name, (None, None))
    return EmbeddingTable(
        vocabulary=text.vocabulary,
        layer=embedding_layer(text),
        dim=text.dim,
        trainable=text.options.embedding.trainable,
        found=found,
        missing=missing,
    )
