"""Given files: checked before data are read, then copied, so that the artifact needs no other."""

from __future__ import annotations

from collections.abc import Mapping

from preprocess.artifact.layout import Layout
from preprocess.core.errors import SpecError
from preprocess.core.storage import read_bytes, write_file
from preprocess.spec import Spec, Vocabulary
from preprocess.spec.tokenizer_files import subword_tokenizers, with_files
from preprocess.tokenizers import Inventory


def read_given(spec: Spec) -> dict[str, bytes]:
    """The files that the spec names, by vocabulary.

    Raises:
      SpecError: one is missing or damaged, or has a reserved token for a piece.
    """
    files = {}
    for name, tokenizer in subword_tokenizers(spec).items():
        if tokenizer.file is not None:
            check_reserved(name, spec.vocabularies[name], tokenizer.inventory())
            files[name] = read_bytes(tokenizer.file)
    return files


def copy_given(files: Mapping[str, bytes], spec: Spec) -> None:
    """Writes what `read_given` read where the tokenizers of `spec` look for it."""
    for name, content in files.items():
        path = subword_tokenizers(spec)[name].file
        assert path is not None
        write_file(path, [content])


def in_artifact(spec: Spec, layout: Layout) -> Spec:
    """`spec` whose tokenizers read the files of the artifact, once they are there."""
    return with_files(spec, lambda name, tokenizer: layout.subwords(name, tokenizer.SUFFIX))


def in_manifest(spec: Spec) -> Spec:
    """The spec for the manifest: files by their path in the artifact, or how one was trained."""
    root = Layout("")
    return with_files(
        spec,
        lambda name, tokenizer: (
            None if tokenizer.train else root.relative(root.subwords(name, tokenizer.SUFFIX))
        ),
    )


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
