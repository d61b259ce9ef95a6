"""The rows of every embedding, for TensorBoard's Embedding Projector."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.storage import write_file
from preprocess.models.model_plan import ModelPlan
from preprocess.models.text_encoder import embedding_layer
from preprocess.trained_model.embedding_metadata import metadata_lines
from preprocess.trained_model.model_layout import ModelLayout


@dataclass(frozen=True)
class EmbeddingRows:
    """The weights of an embedding.

    Attributes:
      name: of the embedding.
      vocabulary: whose ids choose the rows.
      rows: float32 (ids, dim).
    """

    name: str
    vocabulary: str
    rows: NDArray[np.float32]


def export_embeddings(
    model: keras.Model, plan: ModelPlan, artifact: OpenedArtifact, layout: ModelLayout
) -> None:
    """Writes the embeddings of a plan's model; see `export_embedding_rows`."""
    found = (
        EmbeddingRows(
            name, text.vocabulary, model.get_layer(embedding_layer(text)).embeddings.numpy()
        )
        for name, text in plan.embeddings.items()
    )
    export_embedding_rows(list(found), artifact, layout)


def export_embedding_rows(
    embeddings: Sequence[EmbeddingRows], artifact: OpenedArtifact, layout: ModelLayout
) -> None:
    """Writes `NAME.tsv`, `NAME.metadata.tsv` and `projector_config.pbtxt`.

    Row i of both files belongs to the id i. Nine digits give a float32 back exactly.
    """
    layout.embeddings.mkdir(parents=True, exist_ok=True)
    for embedding in embeddings:
        rows = embedding.rows
        np.savetxt(layout.vectors(embedding.name), rows, fmt="%.9g", delimiter="\t")
        words = artifact.word_index(embedding.vocabulary)
        _write(layout.metadata(embedding.name), metadata_lines(words, len(rows)))
    _write(layout.projector, (_projected(embedding.name, layout) for embedding in embeddings))


def _write(path: Path, lines: Iterable[str]) -> None:
    write_file(str(path), ["".join(lines).encode()])


def _projected(name: str, layout: ModelLayout) -> str:
    """An entry of tensorboard.plugins.projector's ProjectorConfig."""
    fields = {
        "tensor_name": name,
        "tensor_path": layout.vectors(name).name,
        "metadata_path": layout.metadata(name).name,
    }
    lines = [f"  {key}: {json.dumps(value)}\n" for key, value in fields.items()]
    return f"embeddings {{\n{''.join(lines)}}}\n"
