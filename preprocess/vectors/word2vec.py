"""Word vectors learnt from the texts of an artifact."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preprocess.core.errors import InputError, UsageError, reason_of
from preprocess.core.optional import find_optional, import_optional
from preprocess.core.output import existing_file
from preprocess.core.storage import replacing
from preprocess.vectors.word2vec_binary import can_hold, write_binary

_SUFFIX = ".bin"
_GENSIM = ("gensim.models", "word vectors that need gensim to be learned", "vectors")
_NAMED = 20
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Word2VecOptions:
    """How word2vec learns (Mikolov et al., 2013); names and defaults are gensim's, but for `sg`.

    Attributes:
      vector_size: numbers of a vector.
      window: words on each side that a word is to foretell.
      min_count: rarer words get no vector.
      epochs: passes over the sentences.
      sg: skip-gram, which does better on small corpora, or else continuous bag of words.
      seed: one thread learns, so that a seed gives the same vectors again.
    """

    vector_size: int = 100
    window: int = 5
    min_count: int = 1
    epochs: int = 5
    sg: bool = True
    seed: int = 0


def train_word2vec(
    sentences: Iterable[list[str]],
    output: str,
    options: Word2VecOptions | None = None,
    overwrite: bool = False,
) -> int:
    """Learns word2vec vectors, and writes them in word2vec's binary format.

    Words that hold a blank or a newline have no place in it: they are left out, and logged.

    Args:
      sentences: lists of words, such as `Sentences` gives; iterated several times.
      output: file that ends in `.bin`; written whole or not at all.
      options: default: `Word2VecOptions()`.
      overwrite: whether a file that exists may be replaced.

    Returns:
      The number of words that the file holds.

    Raises:
      UsageError: gensim is not installed, or the file cannot be written.
      InputError: there is no word to learn from, or none that the format can hold.
    """
    check_output_file(output, overwrite)
    models, path = import_optional(*_GENSIM), Path(output)
    chosen = vars(options or Word2VecOptions())
    model = models.Word2Vec(**chosen | {"sg": int(chosen["sg"])}, workers=1)
    model.build_vocab(sentences)
    if not len(model.wv):
        raise InputError(
            "got no word to learn vectors of, expected sentences with words that occur "
            f"{chosen['min_count']} times; lower min_count, or check the artifact with inspect"
        )
    words = _writable(model.wv.index_to_key)
    model.train(sentences, total_examples=model.corpus_count, epochs=model.epochs)
    _save(words, model.wv, path, overwrite)
    return len(words)


def check_output_file(output: str, overwrite: bool) -> None:
    """Checks what can be known before there are sentences.

    Raises:
      UsageError: gensim is not installed, or the file cannot be written.
    """
    find_optional(_GENSIM[0].partition(".")[0], *_GENSIM[1:])
    path = Path(output)
    if path.suffix != _SUFFIX:
        raise UsageError(
            f"{path}: got a name that ends in {path.suffix or 'nothing'!r}, expected {_SUFFIX}, as "
            "vectors are written in word2vec's binary format; choose another --output"
        )
    if path.exists() and not overwrite:
        raise existing_file(path)


def _writable(words: list[str]) -> list[str]:
    """The words that the format can hold; logs the others."""
    others = [word for word in words if not can_hold(word)]
    if len(others) == len(words):
        raise InputError(
            f"got {len(words):,} words, each with a blank or a newline, expected some without, as "
            "word2vec's binary format ends a word there; learn from another feature or tokenizer"
        )
    if others:
        named = ", ".join(map(repr, others[:_NAMED])) + (", ..." if others[_NAMED:] else "")
        _LOG.warning(
            "left out %s words with a blank or a newline, which word2vec's binary format cannot "
            "hold: %s",
            f"{len(others):,}",
            named,
        )
    return words if not others else [word for word in words if can_hold(word)]


def _save(words: list[str], vectors: Any, path: Path, overwrite: bool) -> None:
    rows = ((word, vectors[word]) for word in words)
    try:
        with replacing(str(path), exclusive=not overwrite) as file:
            write_binary(file, len(words), vectors.vector_size, rows)
    except FileExistsError as error:
        raise existing_file(path) from error
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({reason_of(error)}); choose another --output"
        ) from error
