"""The spec: everything that a user declares about a build."""

from __future__ import annotations

from pydantic import model_validator

from preprocess.spec.checks import check
from preprocess.spec.features import DEFAULT_FEATURE
from preprocess.spec.formats import with_defaults
from preprocess.spec.labels import DEFAULT_LABEL
from preprocess.spec.spec_sections import SpecSections

DEFAULT_VOCABULARY = "words"


class Spec(SpecSections):
    """What to do with which columns. `features` is the only key that must be there."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: object) -> object:
        return _with_default_kinds(_with_default_vocabulary(data))

    @model_validator(mode="after")
    def _check(self) -> Spec:
        check(self)
        return self


def _with_default_vocabulary(data: object) -> object:
    """Declares `words` when a text feature relies on it and nobody declared it."""
    if not isinstance(data, dict) or not isinstance(data.get("features"), dict):
        return data
    declared = {} if data.get("vocabularies") is None else data["vocabularies"]
    relies = any(
        isinstance(f, dict) and f.get("kind", "text") == "text" and "vocabulary" not in f
        for f in (feature or {} for feature in data["features"].values())
    )
    if not relies or not isinstance(declared, dict) or DEFAULT_VOCABULARY in declared:
        return data
    return {**data, "vocabularies": {**declared, DEFAULT_VOCABULARY: {}}}


def _with_default_kinds(data: object) -> object:
    """Fills in the kind of features and labels that name none; null means all defaults."""
    if not isinstance(data, dict):
        return data
    # A key without a value (`vocabularies:`) is null in YAML and means "all defaults".
    data = {key: value for key, value in data.items() if value is not None or key == "features"}
    defaults = (("features", DEFAULT_FEATURE().kind), ("labels", DEFAULT_LABEL().kind))
    for key, kind in defaults:
        if isinstance(data.get(key), dict):
            data[key] = {name: _with_kind(item, kind) for name, item in data[key].items()}
    vocabularies = data.get("vocabularies")
    if isinstance(vocabularies, dict):
        data["vocabularies"] = {name: item or {} for name, item in vocabularies.items()}
    formats = data.get("formats")
    if isinstance(formats, dict):
        data["formats"] = {suffix: with_defaults(suffix, d) for suffix, d in formats.items()}
    return data


def _with_kind(item: object, kind: str) -> object:
    if item is None:
        return {"kind": kind}
    if isinstance(item, dict) and "kind" not in item:
        return {"kind": kind, **item}
    return item
