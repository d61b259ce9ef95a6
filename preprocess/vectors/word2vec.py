"""Word vectors learnt from the texts of an artifact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preprocess.core.errors import InputError, UsageError, reason_of
from preprocess.core.output import existing_file
from preprocess.vectors.gensim_file import import_gensim

_SUFFIX = ".kv"


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
    """Learns word2vec vectors, and saves them as gensim's KeyedVectors.

    Args:
      sentences: lists of words, such as `Sentences` gives; iterated several times.
      output: file that ends in `.kv`; written whole or not at all.
      options: default: `Word2VecOptions()`.
      overwrite: whether a file that exists may be replaced.

    Returns:
      The number of words that got a vector.

    Raises:
      UsageError: gensim is not installed, or the file cannot be written.
      InputError: there is no word to learn from.
    """
    models = import_gensim("word vectors that need gensim to be learned")
    path = Path(output)
    _check(path, overwrite)
    chosen = vars(options or Word2VecOptions())
    model = models.Word2Vec(**chosen | {"sg": int(chosen["sg"])}, workers=1)
    model.build_vocab(sentences)
    if not len(model.wv):
        raise InputError(
            "got no word to learn vectors of, expected sentences with words that occur "
            f"{chosen['min_count']} times; lower min_count, or check the artifact with inspect"
        )
    model.train(sentences, total_examples=model.corpus_count, epochs=model.epochs)
    _save(model.wv, path)
    return len(model.wv)


def _check(path: Path, overwrite: bool) -> None:
    if path.suffix != _SUFFIX:
        raise UsageError(
            f"{path}: got a name that ends in {path.suffix or 'nothing'!r}, expected {_SUFFIX}, as "
            "gensim's KeyedVectors are written; choose another --output"
        )
    if path.exists() and not overwrite:
        raise existing_file(path)


def _save(vectors: Any, path: Path) -> None:
    """Writes one file, also of a large matrix, which gensim would put beside it."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        vectors.save(str(temporary), separately=[])
        temporary.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({reason_of(error)}); choose another --output"
        ) from error
