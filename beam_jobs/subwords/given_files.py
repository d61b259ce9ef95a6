"""Given files: copied, so that the artifact needs no other."""

from __future__ import annotations

from collections.abc import Mapping

from preprocess.artifact.layout import Layout
from preprocess.core.storage import read_bytes, write_file
from preprocess.spec import Spec
from preprocess.spec.tokenizer_files import subword_tokenizers, with_files


def read_given(spec: Spec) -> dict[str, bytes]:
    """The files that the spec names, by vocabulary, when they have been checked."""
    named = {name: tokenizer.file for name, tokenizer in subword_tokenizers(spec).items()}
    return {name: read_bytes(file) for name, file in named.items() if file is not None}


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
