"""What must hold between the parts of a spec."""

from __future__ import annotations

from difflib import get_close_matches

from preprocess.core.problem import problem
from preprocess.spec.features import length_key
from preprocess.spec.formats import TYPED_SUFFIXES
from preprocess.spec.labels import class_key
from preprocess.spec.output import MAX_FILES
from preprocess.spec.spec_sections import SpecSections
from preprocess.spec.splits import TRAIN


def check(spec: SpecSections) -> None:
    """Checks what must hold between the sections of a spec.

    Raises:
      PydanticCustomError: a `problem`, of the first contradiction found.
    """
    _check_text_features(spec)
    _check_vocabularies(spec)
    _check_labels(spec)
    _check_answers(spec)
    _check_record_names(spec)
    _check_formats(spec)
    _check_buckets(spec)
    _check_files(spec)
    _check_train_split(spec)


def did_you_mean(name: str, known: list[str]) -> str:
    """A remedy that names the likeliest of `known`, or lists them."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"use one of {', '.join(known)}" if len(known) > 1 else f"use {known[0]!r}"


def _check_text_features(spec: SpecSections) -> None:
    if not spec.text_features:
        raise problem(
            "got no feature of kind text",
            "at least one",
            "declare the column that holds the texts with kind: text",
            at="features",
        )


def _check_vocabularies(spec: SpecSections) -> None:
    for name, feature in spec.text_features.items():
        if feature.vocabulary not in spec.vocabularies:
            raise problem(
                f"got {feature.vocabulary!r}",
                "a vocabulary that is declared under vocabularies",
                did_you_mean(feature.vocabulary, list(spec.vocabularies))
                if spec.vocabularies
                else f"declare vocabularies: {{{feature.vocabulary}: {{}}}}",
                at=f"features.{name}.vocabulary",
            )
    used = {feature.vocabulary for feature in spec.text_features.values()}
    for name in spec.vocabularies:
        if name not in used:
            raise problem(
                "got a vocabulary that no feature uses",
                "every vocabulary to be named by a text feature",
                "remove it, or name it in a feature's vocabulary",
                at=f"vocabularies.{name}",
            )


def _check_labels(spec: SpecSections) -> None:
    for name in spec.labels:
        if name in spec.features:
            raise problem(
                "got a label that is also a feature",
                "a column to be one or the other",
                "remove it from features or from labels",
                at=f"labels.{name}",
            )
        if name in spec.vocabularies:
            raise problem(
                "got a label named like a vocabulary",
                "names that differ, as both name files in vocabulary/",
                "rename the vocabulary",
                at=f"labels.{name}",
            )


def _check_answers(spec: SpecSections) -> None:
    """A model answers a category's likeliest class beside its probabilities."""
    for name, label in spec.labels.items():
        if label.decision == "likeliest" and class_key(name) in spec.labels:
            raise problem(
                f"got a label called as a model answers the class of {name!r}",
                "names that differ",
                "give one of the two another name, its column by `column`",
                at=f"labels.{class_key(name)}",
            )


def _check_record_names(spec: SpecSections) -> None:
    """Every key of a record must come from one place."""
    taken: dict[str, str] = {}
    for key, origin in _record_keys(spec):
        if key in taken:
            raise problem(
                f"got {key!r}, which {taken[key]} writes into a record too",
                "every key of a record to come from one column",
                "give one another name, its column by `column`, or leave one out",
                at=origin,
            )
        taken[key] = origin


def _record_keys(spec: SpecSections) -> list[tuple[str, str]]:
    keys = [(name, f"features.{name}") for name in spec.features]
    keys += [(length_key(name), f"features.{name}") for name in spec.text_features]
    keys += [(name, f"labels.{name}") for name in spec.labels]
    return keys + [(name, f"keep.{i}") for i, name in enumerate(spec.kept)]


def _check_formats(spec: SpecSections) -> None:
    for suffix in spec.formats:
        if suffix in TYPED_SUFFIXES:
            raise problem(
                f"got {suffix!r}",
                "the suffix of files of cells, such as csv, tsv or txt",
                "remove it, as such files say themselves how they are written",
                at=f"formats.{suffix}",
            )


def _check_buckets(spec: SpecSections) -> None:
    by, boundaries = spec.buckets.by, spec.buckets.boundaries
    if by is not None and by not in spec.text_features:
        raise problem(
            f"got {by!r}",
            "a text feature",
            did_you_mean(by, list(spec.text_features)),
            at="buckets.by",
        )
    if boundaries is None:
        return
    max_length = spec.text_features[spec.bucket_feature].max_length
    if max_length is None or max_length > boundaries[-1]:
        is_set = max_length or "not set"
        raise problem(
            f"got {boundaries[-1]} as the last boundary",
            f"at least the max_length of {spec.bucket_feature!r}, which is {is_set}",
            f"set features.{spec.bucket_feature}.max_length to {boundaries[-1]} or less",
            at="buckets.boundaries",
        )


def _check_files(spec: SpecSections) -> None:
    shards, buckets = spec.output.shards, spec.buckets.most
    if shards != "auto" and shards * buckets > MAX_FILES:
        raise problem(
            f"got {shards:,} shards of {buckets:,} buckets",
            f"at most {MAX_FILES:,} files of a split",
            f"set output.shards to {MAX_FILES // buckets:,} or less, or lower buckets.count",
            at="output.shards",
        )


def _check_train_split(spec: SpecSections) -> None:
    if spec.splits is not None and TRAIN not in spec.splits.names:
        raise problem(
            f"got the splits {', '.join(spec.splits.names)}",
            f"one of them to be called {TRAIN}, as vocabularies come from it alone",
            "rename the split that you train on",
            at="splits",
        )
