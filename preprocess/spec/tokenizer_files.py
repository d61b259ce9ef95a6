"""The files that tokenizers name: where their paths start, and which files take their place."""

from __future__ import annotations

from collections.abc import Callable

from preprocess.spec.spec import Spec
from preprocess.tokenizers import SubwordTokenizer, Tokenizer


def starting_at(spec: Spec, folder: str) -> Spec:
    """`spec` with relative paths made to start at `folder`."""
    return _changed(spec, lambda _, tokenizer: tokenizer.starting_at(folder))


def subword_tokenizers(spec: Spec) -> dict[str, SubwordTokenizer]:
    """By vocabulary, the tokenizers whose pieces come from a file."""
    found = {name: vocabulary.tokenizer for name, vocabulary in spec.vocabularies.items()}
    return {name: t for name, t in found.items() if isinstance(t, SubwordTokenizer)}


def with_files(spec: Spec, path_of: Callable[[str, SubwordTokenizer], str | None]) -> Spec:
    """`spec` whose subword tokenizers read the files that `path_of` gives.

    Args:
      spec: what a user declared.
      path_of: vocabulary and its tokenizer to the path of the file; None for a file to be trained.
    """

    def reading(name: str, tokenizer: Tokenizer) -> Tokenizer:
        if not isinstance(tokenizer, SubwordTokenizer):
            return tokenizer
        return tokenizer.reading(path_of(name, tokenizer))

    return _changed(spec, reading)


def _changed(spec: Spec, change: Callable[[str, Tokenizer], Tokenizer]) -> Spec:
    """`spec` with what `change` makes of each vocabulary's name and tokenizer."""
    vocabularies = {
        name: vocabulary.model_copy(update={"tokenizer": change(name, vocabulary.tokenizer)})
        for name, vocabulary in spec.vocabularies.items()
    }
    return spec.model_copy(update={"vocabularies": vocabularies})
