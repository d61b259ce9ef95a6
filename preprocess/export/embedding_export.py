"""The rows of every embedding, for TensorBoard's Embedding Projector."""

from __future__ import annotations

import json
from collections.abc import Iterator

import keras
import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.layout import Layout
from preprocess.artifact.word_index import OOV_TOKEN, PADDING_TOKEN, WordIndex
from preprocess.core.escaping import escape
from preprocess.core.local_files import write_atomically
from preprocess.models.encoder import embedding_layer
from preprocess.models.model_plan import ModelPlan
from preprocess.trained_model.model_layout import ModelLayout


def export_embeddings(
    model: keras.Model, plan: ModelPlan, artifact: Layout, layout: ModelLayout
) -> None:
    """Writes `NAME.tsv`, `NAME.metadata.tsv` and `projector_config.pbtxt`.

    Row i of both files belongs to the id i. Nine digits give a float32 back exactly.
    """
    layout.embeddings.mkdir(parents=True, exist_ok=True)
    for name, text in plan.embeddings.items():
        rows = model.get_layer(embedding_layer(text)).embeddings.numpy()
        np.savetxt(layout.vectors(name), rows, fmt="%.9g", delimiter="\t")
        words = WordIndex.read(artifact.words_tsv(text.vocabulary))
        write_atomically(layout.metadata(name), "".join(_metadata(words, rows)))
    write_atomically(layout.projector, "".join(map(_projected, plan.embeddings)))


def _metadata(words: WordIndex, rows: NDArray[np.float32]) -> Iterator[str]:
    yield "word\tcount\n"  # a header is needed where there is more than one column
    for token_id in range(len(rows)):
        word = words.word(token_id)
        if word is None:
            yield f"{OOV_TOKEN if token_id else PADDING_TOKEN}\t0\n"
        else:
            yield f"{escape(word)}\t{words.count(word)}\n"


def _projected(name: str) -> str:
    """An entry of tensorboard.plugins.projector's ProjectorConfig."""
    fields = {
        "tensor_name": name,
        "tensor_path": f"{name}.tsv",
        "metadata_path": f"{name}.metadata.tsv",
    }
    lines = [f"  {key}: {json.dumps(value)}\n" for key, value in fields.items()]
    return f"embeddings {{\n{''.join(lines)}}}\n"
