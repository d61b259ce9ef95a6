"""A MODEL folder with untrained weights and a made-up history, as a report reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.output_file import described_below
from preprocess.export.embedding_export import export_embeddings
from preprocess.model_file import ModelFile
from preprocess.models.build_model import build_model
from preprocess.models.model_plan import plan_model
from preprocess.models.text_encoder import embedding_layer
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    FORMAT_VERSION,
    EmbeddingTable,
    ModelManifest,
    Outcome,
    artifact_fingerprint,
)

HISTORY = {
    "label_accuracy": [0.5, 0.75, 0.875],
    "loss": [3.0, 2.0, 1.5],
    "val_label_accuracy": [0.5, 0.625, 0.625],
    "val_loss": [3.125, 2.25, 2.5],
}


def write_model(
    artifact: str,
    folder: Path,
    declared: Mapping[str, object] | None = None,
    history: Mapping[str, Sequence[float | None]] = HISTORY,
    best: int = 2,
) -> str:
    """Writes `model.keras`, `embeddings/`, `history.json` and, last, `model.json`."""
    keras.utils.set_random_seed(0)
    opened, layout = OpenedArtifact.open(artifact), ModelLayout(folder)
    manifest = opened.manifest
    model = ModelFile.model_validate(
        declared or {"text": {"embedding": {"dim": 4}, "encoder": {"units": 3}}, "dense": [5]}
    )
    plan = plan_model(model, manifest)
    network = build_model(plan)
    folder.mkdir(parents=True)
    network.save(layout.keras)
    export_embeddings(network, plan, opened, layout)
    layout.history.write_text(json.dumps(history))
    tables = {
        name: EmbeddingTable(
            vocabulary=text.vocabulary,
            layer=embedding_layer(text),
            dim=network.get_layer(embedding_layer(text)).output_dim,
            trainable=True,
        )
        for name, text in plan.embeddings.items()
    }
    evaluated = ModelManifest(
        format_version=FORMAT_VERSION,
        versions={"text2seq": "0.1.0"},
        model=model,
        spec=manifest.spec,
        artifact=artifact_fingerprint(manifest),
        vocabulary_sizes=manifest.vocabulary_sizes,
        classes=manifest.classes,
        kept=manifest.kept,
        op_libraries=[],
        labels={head.name: head.label.kind for head in plan.heads},
        embeddings=tables,
        outcome=Outcome(
            epochs=len(history["loss"]),
            best_epoch=best,
            monitor="val_loss" if "val_loss" in history else "last",
            examples=manifest.rows.written,
            parameters=network.count_params(),
            trainable_parameters=network.count_params(),
        ),
        files=described_below(str(folder), [*layout.exported, str(layout.history)]),
    )
    layout.manifest.write_text(evaluated.to_json())
    return str(folder)
