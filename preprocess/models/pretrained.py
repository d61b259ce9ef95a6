"""Puts pretrained word vectors into the embeddings of a model."""

from __future__ import annotations

import logging

import keras

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.models.model_plan import ModelPlan, TextPlan
from preprocess.models.text_encoder import embedding_layer
from preprocess.vectors import read_vectors

logger = logging.getLogger(__name__)

VectorCounts = dict[str, tuple[int, int]]


def load_vectors(
    model: keras.Model, plan: ModelPlan, artifact: OpenedArtifact, seed: int
) -> VectorCounts:
    """Fills the embeddings that declare `vectors`; the others stay as they were drawn.

    Args:
      model: built from `plan`.
      artifact: has the vocabularies.
      seed: of the rows that the vectors lack.

    Returns:
      By name of the embedding: how many words the vectors have, and how many they lack.

    Raises:
      SpecError: the vectors are of another width, or have none of the words.
      InputError: a file is missing or damaged.
    """
    return {
        name: _load(model, text, artifact, seed)
        for name, text in plan.embeddings.items()
        if text.options.embedding.vectors is not None
    }


def _load(
    model: keras.Model, text: TextPlan, artifact: OpenedArtifact, seed: int
) -> tuple[int, int]:
    embedding = text.options.embedding
    words = artifact.word_index(text.vocabulary)
    aligned = read_vectors(
        str(embedding.vectors), words, text.rows, dim=text.dim, missing=embedding.missing, seed=seed
    )
    model.get_layer(embedding_layer(text)).embeddings.assign(aligned.matrix)
    logger.info(
        "%s: %d of the %d words of %s have a vector; the others are set to %s",
        embedding.vectors,
        aligned.found,
        aligned.found + aligned.missing,
        text.vocabulary,
        embedding.missing,
    )
    return aligned.found, aligned.missing
