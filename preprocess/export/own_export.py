"""Exports a Keras model of a user's own as `train` exports those of a model file."""

from __future__ import annotations

import logging
from importlib.metadata import version

import keras

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.output_file import described_below
from preprocess.core.errors import ArtifactError, UsageError
from preprocess.core.storage import write_file
from preprocess.data.datasets import open_split
from preprocess.export.embedding_export import EmbeddingRows, export_embedding_rows
from preprocess.export.model_export import LIBRARIES
from preprocess.export.own_model import OwnModel
from preprocess.export.serving_model import export_serving_model
from preprocess.model_file import ModelFile
from preprocess.models.model_plan import plan_model
from preprocess.trained_model.model_layout import ModelLayout
from preprocess.trained_model.model_manifest import (
    FORMAT_VERSION,
    EmbeddingTable,
    ModelManifest,
    artifact_fingerprint,
)
from preprocess.trained_model.opened_model import load_network

_CHECKED_ROWS = 256

logger = logging.getLogger(__name__)


def export_own_model(
    model: keras.Model, artifact: OpenedArtifact, layout: ModelLayout
) -> ModelManifest:
    """Writes `model.keras`, `serving/`, `embeddings/` and, last, `model.json`.

    Args:
      model: maps features of the artifact's records to its labels.
      artifact: whose graph goes along.
      layout: where.

    Raises:
      UsageError: the model takes or answers something else.
    """
    own = OwnModel(model, artifact.manifest)
    labels = own.check(_some_features(artifact))
    plan = plan_model(ModelFile(labels=labels), artifact.manifest)
    layout.root.mkdir(parents=True, exist_ok=True)
    export_serving_model(artifact, own, plan, layout.serving, own.features)
    tables = _embeddings(model, artifact) if _is_saved(model, layout) else {}
    export_embedding_rows(_rows(model, tables), artifact, layout)
    manifest = _manifest(artifact, layout, labels, tables)
    write_file(str(layout.manifest), [manifest.to_json().encode()])
    return manifest


def _some_features(artifact: OpenedArtifact) -> dict[str, object]:
    """The features of some records, by which the model's answers are checked."""
    written = artifact.manifest.rows.written
    filled = [split for split, count in written.items() if count]
    if not filled:
        raise UsageError(
            f"{artifact.path}: got an artifact without records, expected some to try the model on; "
            "build it from rows"
        )
    features, _ = next(iter(open_split(artifact, filled[0], _CHECKED_ROWS, shuffle=False)))
    return dict(features)


def _is_saved(model: keras.Model, layout: ModelLayout) -> bool:
    """Saves what Keras can load again, if the model is such a one."""
    try:
        model.save(layout.keras)
        load_network(str(layout.keras))
    except (ArtifactError, NotImplementedError, TypeError, ValueError) as error:
        layout.keras.unlink(missing_ok=True)
        logger.warning(
            "keras_model: got a model that Keras cannot load again without its classes (%s); "
            "model.keras and embeddings/ are left out, serving/ has all of it",
            error,
        )
        return False
    return True


def _embeddings(model: keras.Model, artifact: OpenedArtifact) -> dict[str, EmbeddingTable]:
    """The embedding of each vocabulary that has one of its size, and only one."""
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Embedding)]
    tables = {}
    for name, size in artifact.manifest.vocabulary_sizes.items():
        fitting = [layer for layer in layers if layer.input_dim == size]
        rivals = [n for n, other in artifact.manifest.vocabulary_sizes.items() if other == size]
        if len(fitting) == len(rivals) == 1:
            [layer] = fitting
            tables[name] = EmbeddingTable(
                vocabulary=name,
                layer=layer.name,
                dim=layer.output_dim,
                trainable=layer.trainable,
            )
    return tables


def _rows(model: keras.Model, tables: dict[str, EmbeddingTable]) -> list[EmbeddingRows]:
    return [
        EmbeddingRows(name, name, model.get_layer(table.layer).embeddings.numpy())
        for name, table in tables.items()
    ]


def _manifest(
    artifact: OpenedArtifact,
    layout: ModelLayout,
    labels: list[str],
    tables: dict[str, EmbeddingTable],
) -> ModelManifest:
    built = artifact.manifest
    return ModelManifest(
        format_version=FORMAT_VERSION,
        versions={name: version(name) for name in LIBRARIES},
        model=None,
        spec=built.spec,
        artifact=artifact_fingerprint(built),
        vocabulary_sizes=built.vocabulary_sizes,
        classes=built.classes,
        kept=built.kept,
        op_libraries=built.op_libraries,
        labels={name: built.spec.labels[name].kind for name in labels},
        embeddings=tables,
        outcome=None,
        files=described_below(str(layout.root), layout.exported),
    )
