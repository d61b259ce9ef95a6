"""Learns WordPiece vocabularies from counted words.

Characters, then pairs that are joined by count: byte-pair encoding, as Hugging Face's
`WordPieceTrainer` does it. That one gives another vocabulary in every process, and the learner of
tensorflow-text takes minutes for what sentencepiece's trainer, used here, does in a second.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from preprocess.core.declared import Declared
from preprocess.tokenizers.sentencepiece_training import (
    MAX_BYTES,
    MAX_PIECES,
    MAX_WORD,
    SKIPPED,
    import_sentencepiece,
    too_few_pieces,
)

WordCounts = Sequence[tuple[str, int]]

# SentencePiece puts it before a word, which keeps the beginnings of words apart from the rest.
_START = "\u2581"
_RESERVED = {_START, SKIPPED}
_MAX_CHARACTERS = 50


class WordpieceTraining(Declared):
    """How a WordPiece vocabulary is learned."""

    vocab_size: Annotated[int, Field(ge=2, le=MAX_PIECES)] = 8000
    """Pieces at most, the unknown one counted; a small corpus gives fewer."""
    character_coverage: Annotated[float, Field(gt=0, le=1)] = 0.9999
    """Share of the characters that get pieces of their own; words with others are unknown."""


def learn_wordpieces(
    words: WordCounts, options: WordpieceTraining, unknown: str, prefix: str
) -> list[str]:
    """The pieces: the unknown one, characters in their order, then what is joined, in that order.

    Args:
      words: words and how often they occur; at least one; equal words in equal order give equal
        pieces.
      options: how many pieces, and of which characters.
      unknown: the unknown piece.
      prefix: begins every piece that continues a word.

    Raises:
      SpecError: `vocab_size` is less than the characters need.
    """
    characters = _covered(words, options.character_coverage)
    spelled = [(word, count) for word, count in words if characters.issuperset(word)]
    inside = {character for word, _ in spelled for character in word[1:]}
    pieces = [unknown, *sorted(characters), *(prefix + c for c in sorted(inside))]
    if len(pieces) > options.vocab_size:
        raise too_few_pieces(options.vocab_size, len(pieces))
    joined = _joined(spelled, options.vocab_size + 2 * len(characters))
    pieces += (_as_wordpiece(piece, prefix) for piece in joined)
    return list(dict.fromkeys(pieces))[: options.vocab_size]


def _covered(words: WordCounts, coverage: float) -> set[str]:
    """The most frequent characters that make up `coverage` of all."""
    counts = Counter[str]()
    for word, count in words:
        for character in word:
            counts[character] += count
    covered, needed = set(), coverage * counts.total()
    for character, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if needed <= 0:
            break
        covered.add(character)
        needed -= count
    return covered


def _joined(words: WordCounts, size: int) -> Iterable[str]:
    """Pieces of several characters in the order in which they were joined."""
    library = import_sentencepiece()
    model, words = io.BytesIO(), [pair for pair in words if _is_trained_on(pair[0])]
    if not words:
        return []
    library.SentencePieceTrainer.train(
        sentence_iterator=(f"{word}\t{count}" for word, count in words),
        model_writer=model,
        input_format="tsv",
        model_type="bpe",
        vocab_size=size + 2,
        hard_vocab_limit=False,
        character_coverage=1.0,
        max_sentencepiece_length=_MAX_CHARACTERS,
        max_sentence_length=MAX_BYTES,
        normalization_rule_name="identity",
        split_by_unicode_script=False,
        split_by_number=False,
        bos_id=-1,
        eos_id=-1,
        minloglevel=2,
    )
    trained = library.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = (trained.id_to_piece(place) for place in range(1, trained.get_piece_size()))
    return [piece for piece in pieces if len(piece) > 1]


def _is_trained_on(word: str) -> bool:
    return len(word) <= MAX_WORD and not _RESERVED & set(word)


def _as_wordpiece(piece: str, prefix: str) -> str:
    return piece[1:] if piece.startswith(_START) else prefix + piece
