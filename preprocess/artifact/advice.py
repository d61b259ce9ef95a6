"""What a finished build lets its user know, in lines that can be acted on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.spec import TRAIN, Spec
from preprocess.spec.vocabulary import Vocabulary
from preprocess.tokenizers import SubwordTokenizer

_STRIP_HTML = "strip_html"
_FREQUENT = 50
# What tokenizers leave around the name of a tag: brackets, slashes, and marks of subwords.
_AROUND = "<>/▁#"
_BREAK = "br"


def advice(artifact: OpenedArtifact) -> Iterator[str]:
    """The lines on all that an artifact leaves to be wished for; none for most.

    Raises:
      ArtifactError: the file of a vocabulary is missing or damaged.
    """
    for name, vocabulary in artifact.spec.vocabularies.items():
        yield from _on_html(artifact, name, vocabulary)
    yield from on_splits(artifact)


def on_splits(artifact: OpenedArtifact) -> Iterator[str]:
    """Three lines for an artifact of which only train has records, two of them of a spec."""
    filled = [split for split, records in artifact.manifest.rows.written.items() if records]
    if filled != [TRAIN]:
        return
    named = any(file.split is not None for file in artifact.manifest.inputs)
    where = "the spec, and give --input without SPLIT=" if named else "the spec"
    yield (
        f"{artifact.path}: got records for the split {TRAIN} alone, so that nothing shows how well "
        f"a model answers new texts; to hold some out, write into {where}, and build again:"
    )
    yield "splits:"
    yield f"  {{by: {_name(_deciding(artifact.spec))}, fractions: {{train: 0.9, validation: 0.1}}}}"


def _deciding(spec: Spec) -> str:
    """The raw column that assigns splits best: the first that is kept, else the first text."""
    if spec.keep:
        return spec.keep[0].column or spec.keep[0].name
    name, feature = next(iter(spec.text_features.items()))
    return feature.column or name


def _on_html(artifact: OpenedArtifact, name: str, vocabulary: Vocabulary) -> Iterator[str]:
    tokenizer = vocabulary.tokenizer
    if _STRIP_HTML in tokenizer.normalize:
        return
    reserved = vocabulary.ids.reserved
    if isinstance(tokenizer, SubwordTokenizer):  # whose pieces have the order of their file
        index = artifact.word_index(name)
    else:
        index = artifact.first_words(name, reserved + _FREQUENT)
    frequent = index.by_count(reserved)[:_FREQUENT]
    found = [word for word in frequent if word.strip(_AROUND).lower() == _BREAK]
    if found:
        options = tokenizer.model_dump(mode="json", exclude_defaults=True, exclude={"normalize"})
        changed = {"kind": tokenizer.kind, **options}
        changed["normalize"] = [_STRIP_HTML, *tokenizer.normalize]
        yield (
            f"vocabularies.{name}: got {found[0]!r} {index.count(found[0]):,} times, which looks "
            "like what is left of HTML's <br />; to take tags and entities out, write "
            f"tokenizer: {_flow(changed)} there, and build again"
        )


def _flow(value: Any) -> str:
    """YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _name(value) if isinstance(value, str) else json.dumps(value)


def _name(text: str) -> str:
    """A string as YAML reads it, in quotes unless it is a plain name."""
    is_plain = text.isascii() and text.isidentifier() and text.lower() not in _READ_OTHERWISE
    return text if is_plain else json.dumps(text, ensure_ascii=False)


_READ_OTHERWISE = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
