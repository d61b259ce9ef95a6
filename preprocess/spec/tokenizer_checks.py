"""What tokenizers need beside the text: checked before data are read, and named in the manifest."""

from __future__ import annotations

from preprocess.core.errors import Text2SeqError
from preprocess.spec import Spec
from preprocess.tokenizers import UsedDictionary


def check_tokenizers(spec: Spec) -> dict[str, UsedDictionary]:
    """The dictionaries that become part of the graph, by vocabulary.

    Raises:
      UsageError, ArtifactError: a tokenizer lacks a library or a file, or it cannot be used.
    """
    dictionaries = {}
    for name, vocabulary in spec.vocabularies.items():
        try:
            vocabulary.tokenizer.check()
        except Text2SeqError as error:
            raise type(error)(f"vocabularies.{name}.tokenizer: {error}") from error
        if dictionary := vocabulary.tokenizer.used_dictionary():
            dictionaries[name] = dictionary
    return dictionaries
