"""Words as the files of a vocabulary hold them, from objects that a test can read."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from preprocess.artifact.word_block import WordBlock
from preprocess.artifact.word_index import Word


def block_of(words: Sequence[Word]) -> WordBlock:
    """The block of words whose ids follow one another."""
    first = words[0].id if words else 0
    assert [word.id for word in words] == list(range(first, first + len(words)))
    tokens = pa.array([word.token for word in words], pa.string())
    return WordBlock(tokens, pa.array([word.count for word in words], pa.int64()), first)


def tsv_of(words: Sequence[Word]) -> str:
    """The text of their `vocabulary/NAME.tsv`."""
    return block_of(words).tsv().decode()
