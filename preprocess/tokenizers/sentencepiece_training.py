"""Trains SentencePiece models."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Annotated, Any, Literal

from pydantic import Field

from preprocess.core.declared import Declared
from preprocess.core.errors import SpecError, one_line
from preprocess.core.optional import import_optional

# Sums of floats depend on the number of threads, so it must not be that of the machine's cores.
_THREADS = 4
# The library leaves out longer texts; its default is 4,192 bytes.
MAX_BYTES = 1 << 24
# In byte-pair encoding the library ends the process over a word of 65,536 characters, after a
# normalization that may make 18 of one.
MAX_WORD = 3000
MAX_PIECES = 1_000_000
# Texts that the library holds at once.
MAX_SAMPLE = 10_000_000
_LONG_WORD = re.compile(rf"[^ \t\n\r]{{{MAX_WORD + 1}}}")
# Characters that are not learned, and one whose texts are skipped.
_BLANKS = " \t\0\u2581"
SKIPPED = "\u2585"


class SentencepieceTraining(Declared):
    """How a SentencePiece model is trained; the defaults are the library's."""

    vocab_size: Annotated[int, Field(ge=2, le=MAX_PIECES)] = 8000
    """Pieces at most, the unknown one counted; a small corpus gives fewer."""
    model_type: Literal["unigram", "bpe"] = "unigram"
    """A unigram language model, or byte-pair encoding."""
    character_coverage: Annotated[float, Field(ge=0.98, le=1)] = 0.9995
    """Share of the characters that get pieces of their own; the rest is unknown."""
    byte_fallback: bool = False
    """Spell unknown characters by pieces for bytes, so that none is unknown."""
    sample: Annotated[int, Field(ge=1, le=MAX_SAMPLE)] = 100_000
    """Texts of the train split to train on, chosen by a hash of text and seed."""
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] = 0
    """Seed of the choice of texts."""


def train_sentencepiece(texts: Sequence[str], options: SentencepieceTraining) -> bytes | None:
    """Trains a model; equal texts in equal order give equal bytes.

    Begin and end of sentence get no piece, as no text has them; so the unknown piece is 0.

    Returns:
      The model file; None if the texts have nothing but blanks and what normalization drops.

    Raises:
      SpecError: `vocab_size` is less than the characters need, or the library refuses something
        else.
    """
    library, model = import_sentencepiece(), io.BytesIO()
    normalizer = library.SentencePieceNormalizer(rule_name="nmt_nfkc")
    if not any(_has_character(text, normalizer) for text in texts):
        return None  # over which the library ends the process
    if options.model_type == "bpe":
        texts = [part for text in texts for part in _parts(text)]
    try:
        library.SentencePieceTrainer.train(
            sentence_iterator=iter(texts), model_writer=model, **_arguments(options)
        )
    except RuntimeError as error:
        raise _refused(str(error), options) from error
    return model.getvalue()


def import_sentencepiece() -> ModuleType:
    """Imports sentencepiece, which reads and trains models; serving does without.

    Raises:
      UsageError: it is not installed.
    """
    return import_optional("sentencepiece", "a tokenizer that needs sentencepiece", "text")


def _has_character(text: str, normalizer: Any) -> bool:
    return SKIPPED not in text and bool(normalizer.normalize(text).strip(_BLANKS))


def _parts(text: str) -> list[str]:
    """The text, cut if it has too long a word, such as Japanese without a blank."""
    if not _LONG_WORD.search(text):
        return [text]
    return [text[place : place + MAX_WORD] for place in range(0, len(text), MAX_WORD)]


def _arguments(options: SentencepieceTraining) -> dict[str, Any]:
    return {
        **options.model_dump(exclude={"sample", "seed"}),
        "hard_vocab_limit": False,
        "bos_id": -1,
        "eos_id": -1,
        "max_sentence_length": MAX_BYTES,
        "num_threads": _THREADS,
        "minloglevel": 2,
    }


def _refused(message: str, options: SentencepieceTraining) -> SpecError:
    # "... is smaller than required_chars. 100 vs 280. Increase ..."
    needed = re.search(r"required_chars\. \d+ vs (\d+)", message)
    if needed is None:
        return SpecError(
            "tokenizer.train: got options or texts that sentencepiece refuses "
            f"({one_line(message)}), expected some that it can train on; change them, or give a "
            "model with tokenizer.model"
        )
    also = ", and every byte," if options.byte_fallback else ""
    return too_few_pieces(options.vocab_size, int(needed[1]), also)


def too_few_pieces(vocab_size: int, needed: int, also: str = "") -> SpecError:
    """The error for a `vocab_size` that does not hold every character that is covered.

    Args:
      vocab_size: as declared.
      needed: the least that would do.
      also: what needs pieces beside the characters, such as ", and every byte,".
    """
    return SpecError(
        f"tokenizer.train.vocab_size: got {vocab_size}, expected at least {needed}, as every "
        f"character that is covered{also} needs a piece; raise it, or lower character_coverage"
    )
