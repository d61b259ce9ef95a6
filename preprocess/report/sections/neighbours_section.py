"""What the embeddings have learnt: the words nearest to some words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf
from markupsafe import Markup

from preprocess.report.artifact_data import ArtifactData
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Block, Cell, Heading, Paragraph, Section, Table
from preprocess.report.prose import Text, code, join, markup, plural, word
from preprocess.trained_model.model_manifest import EmbeddingTable
from preprocess.trained_model.word_vectors import vectors_of_model

_WORDS, _NEAREST = 12, 6
# The most frequent words say little about a text; rare ones have hardly been trained.
_SKIPPED, _LAST, _SEEN = 50, 2000, 10
_CLEARLY = 0.1
_BITS = 60  # more than a float64 between 0 and 1 needs here

Nearest = Sequence[tuple[str, float]]


def neighbours_section(data: ArtifactData, evaluated: EvaluatedModel) -> Section:
    """The section on nearest words: a part for each embedding."""
    tables = evaluated.manifest.embeddings
    blocks: list[Block] = []
    for embedding, table in tables.items():
        if len(tables) > 1:
            blocks.append(Heading(code(embedding)))
        blocks += _embedding(data, evaluated, embedding, table)
    return Section("neighbours", "Nearest words", blocks)


def _embedding(
    data: ArtifactData, evaluated: EvaluatedModel, embedding: str, table: EmbeddingTable
) -> list[Block]:
    words = _chosen(data, table.vocabulary)
    vectors = vectors_of_model(evaluated.model, embedding)
    nearest = {token: vectors.nearest(token, _NEAREST) for token in words}
    nearest = {token: found for token, found in nearest.items() if found}
    text = _summary(nearest, len(vectors), table)
    return (
        [Paragraph(text), _table(data, table.vocabulary, nearest)] if nearest else [Paragraph(text)]
    )


def _chosen(data: ArtifactData, vocabulary: str) -> list[str]:
    """Words of ranks that grow by a factor: the same for the same vocabulary."""
    reserved = data.spec.vocabularies[vocabulary].ids.reserved
    words = data.words[vocabulary].by_count(reserved)
    if len(words) <= _WORDS:
        return words
    frequent = sum(data.words[vocabulary].count(token) >= _SEEN for token in words)
    first = min(_SKIPPED, len(words) // 4)
    last = min(_LAST, max(frequent, first + _WORDS), len(words)) - 1
    return [words[place] for place in np.unique(np.geomspace(first, last, _WORDS).astype(int))]


def _summary(nearest: Mapping[str, Nearest], words: int, table: EmbeddingTable) -> Text:
    what = markup(
        "Each of the {} of the vocabulary {} is a vector of {}{}.",
        plural(words, "word"),
        code(table.vocabulary),
        plural(table.dim, "number"),
        _origin(table),
    )
    if not nearest:
        return join([what, "There are too few words to compare."])
    chance = _chance(words, table.dim)
    return what if chance is None else join([what, _closeness(nearest, chance)])


def _closeness(nearest: Mapping[str, Nearest], chance: float) -> Text:
    """What has moved together, and what lies as it would by chance."""
    mean = float(np.mean([found[0][1] for found in nearest.values()]))
    close = [token for token, found in nearest.items() if found[0][1] > chance + _CLEARLY]
    if close:
        verdict = markup(
            "Clearly closer than that are {} of these {}, such as {}: they are used like their "
            "neighbours.",
            len(close),
            plural(len(nearest), "word"),
            word(close[0]),
        )
    else:
        verdict = markup("None is clearly closer than that, so these neighbours mean little.")
    return join(
        [
            markup(
                "The nearest word has a cosine of <b>{:.2f}</b> on average; among as many random "
                "vectors it would be about {:.2f}.",
                mean,
                chance,
            ),
            verdict,
        ]
    )


def _origin(table: EmbeddingTable) -> str:
    if table.found is None:
        return ""
    frozen = "" if table.trainable else ", and were not trained further"
    return f", of which {table.found:,} were pretrained ({table.missing:,} had no vector){frozen}"


def _chance(words: int, dim: int) -> float | None:
    """The cosine that one of `words` random directions is expected to reach.

    A random direction has a cosine above c with the probability I((dim - 1) / 2, 1/2; 1 - c²) / 2,
    the share of a sphere that its cap has (Li, Concise Formulas for the Area and Volume of a
    Hyperspherical Cap, 2011); that this is 1 / `words` gives c.
    """
    if dim < 2 or words < 3:
        return None
    return float(np.sqrt(1 - _beta_quantile((dim - 1) / 2, 0.5, 2 / words)))


def _beta_quantile(a: float, b: float, probability: float) -> float:
    """Where the regularized incomplete beta function I(a, b; x) is `probability`, by bisection."""
    low, high = np.float64(0), np.float64(1)
    for _ in range(_BITS):
        middle = (low + high) / 2
        if tf.math.betainc(np.float64(a), np.float64(b), middle) < probability:
            low = middle
        else:
            high = middle
    return float(low)


def _table(data: ArtifactData, vocabulary: str, nearest: Mapping[str, Nearest]) -> Table:
    index = data.words[vocabulary]
    rows: list[list[Text | Cell]] = [
        [Cell(word(token), is_header=True), f"{index.count(token):,}", _listed(found)]
        for token, found in nearest.items()
    ]
    caption = "Some words, and those of the largest cosine with them."
    return Table(caption, ["word", ">count", "nearest words, with the cosine"], rows)


def _listed(found: Nearest) -> Markup:
    pairs = [
        markup('<span class="near">{} <small>{:.2f}</small></span>', word(other), cosine)
        for other, cosine in found
    ]
    return Markup(" ").join(pairs)
