"""The counts of a vocabulary's words, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from preprocess.report.artifact_data import ArtifactData
from preprocess.spec import TRAIN

# Fewer ranks say nothing about a law.
_LEAST_RANKS = 20


@dataclass(frozen=True)
class VocabularyCounts:
    """Words of a vocabulary, the most frequent first; reserved tokens are left out.

    Attributes:
      words: of equal count in the order of their ids.
      counts: int64 (words,): how often the train split holds each.
      ids: int64 (words,).
      tokens: of the train split, unknown ones included, before cutting.
    """

    words: list[str]
    counts: NDArray[np.int64]
    ids: NDArray[np.int64]
    tokens: int

    @classmethod
    def of(cls, data: ArtifactData, vocabulary: str) -> VocabularyCounts:
        index = data.words[vocabulary]
        words = index.by_count(data.spec.vocabularies[vocabulary].ids.reserved)
        counts = np.array([index.count(token) for token in words], np.int64)
        ids = np.array([index[token] for token in words], np.int64)
        tokens, _ = data.tokens(TRAIN, vocabulary)
        return cls(words, counts, ids, max(tokens, int(counts.sum())))

    def items(self, number: int) -> Iterator[tuple[str, int]]:
        """The first `number` words with their counts."""
        return zip(self.words[:number], self.counts[:number].tolist(), strict=True)

    @cached_property
    def coverage(self) -> NDArray[np.float64]:
        """Share of the train tokens that the first n + 1 words make up: float64 (words,)."""
        return np.cumsum(self.counts) / max(self.tokens, 1)

    def covered(self, number: int | None = None) -> float:
        """Share of the train tokens that the first `number` words make up, or all of them."""
        last = len(self.words) if number is None else number
        return float(self.coverage[last - 1]) if last else 0.0

    def needed(self, fraction: float) -> int | None:
        """The fewest words that cover `fraction`; None where all of them do not."""
        place = int(np.searchsorted(self.coverage, fraction - 1e-12))
        return place + 1 if place < len(self.words) else None

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """Some ranks, from 1, evenly spread on a logarithmic scale: int64, ascending."""
        most = int((self.counts > 0).sum())
        return np.unique(np.geomspace(1, max(most, 1), 300).round().astype(np.int64))

    @cached_property
    def slope(self) -> float | None:
        """The slope of the line through log(count) over log(rank); -1 is Zipf's law.

        Least squares over ranks that are spread evenly on the logarithmic scale, as the many rare
        words would else decide alone (Zipf, Human Behavior and the Principle of Least Effort,
        1949).
        """
        if self.ranks[-1] < _LEAST_RANKS:
            return None
        x, y = np.log(self.ranks), np.log(self.counts[self.ranks - 1])
        x = x - x.mean()
        return float(x @ y / (x @ x))
