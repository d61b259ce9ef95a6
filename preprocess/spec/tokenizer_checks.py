"""What tokenizers need beside the text: checked before data are read, and named in the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from preprocess.core.errors import SpecError, Text2SeqError
from preprocess.spec import Spec, Vocabulary
from preprocess.tokenizers import Inventory, SubwordTokenizer, UsedDictionary


def check_tokenizer_files(spec: Spec) -> None:
    """Checks libraries and files of tokenizers, as far as TensorFlow is not needed for it.

    Raises:
      UsageError, SpecError, ArtifactError: a tokenizer lacks one, or it cannot be used, or
        has a reserved token for a piece.
    """
    for name, vocabulary in spec.vocabularies.items():
        tokenizer = vocabulary.tokenizer
        with _naming(name):
            tokenizer.check_files()
        if isinstance(tokenizer, SubwordTokenizer) and tokenizer.file is not None:
            check_reserved(name, vocabulary, tokenizer.inventory())


def check_tokenizers(spec: Spec) -> dict[str, UsedDictionary]:
    """The dictionaries that become part of the graph, by vocabulary.

    Raises:
      UsageError, SpecError, ArtifactError: a tokenizer lacks a library or a file, or it cannot be
        used.
    """
    dictionaries = {}
    for name, vocabulary in spec.vocabularies.items():
        with _naming(name):
            vocabulary.tokenizer.check()
        if dictionary := vocabulary.tokenizer.used_dictionary():
            dictionaries[name] = dictionary
    return dictionaries


def check_reserved(name: str, vocabulary: Vocabulary, inventory: Inventory) -> None:
    """Refuses a reserved token that is a piece too, as it would have two ids.

    Raises:
      SpecError: there is one.
    """
    pieces = set(inventory.pieces)
    for token in vocabulary.reserved_tokens:
        if token in pieces:
            raise SpecError(
                f"vocabularies.{name}.reserved_tokens: got {token!r}, which is a piece of the "
                "tokenizer, expected other tokens; remove it, as the piece has an id already"
            )


@contextmanager
def _naming(vocabulary: str) -> Iterator[None]:
    """Has errors name the tokenizer by its place in the spec."""
    try:
        yield
    except Text2SeqError as error:
        raise type(error)(f"vocabularies.{vocabulary}.tokenizer: {error}") from error
