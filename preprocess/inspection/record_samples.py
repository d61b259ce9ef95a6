"""A few records of every split, decoded back to words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rich.console import Group

from preprocess.artifact.layout import bucket_name
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.escaping import escape
from preprocess.data.batching import Batching
from preprocess.data.bucket_reader import BucketReader, check_files
from preprocess.data.reading import reading_splits
from preprocess.inspection.text_tables import count, facts, section

# Words of a text that are shown.
_SHOWN = 60

Record = Mapping[str, Any]  # a value is an array, a number or bytes


def sample_records(artifact: OpenedArtifact, records: int) -> Iterator[Group]:
    """Up to `records` records of each split, from different buckets where there are several.

    Raises:
      ArtifactError: a record file is missing or of another size than in the manifest.
    """
    boundaries = artifact.manifest.buckets.boundaries
    for split in artifact.manifest.splits:
        shares = _shares([artifact.records(split, b) for b in boundaries], records)
        for boundary, share in zip(boundaries, shares, strict=True):
            for record in _read(artifact, split, boundary, share):
                title = f"A record of {split} in {bucket_name(boundary)}"
                yield section(title, facts(_lines(artifact, record)))


def _shares(available: list[int], wanted: int) -> list[int]:
    """How many records to take of each bucket: spread evenly, and no more than there are."""
    shares = [0] * len(available)
    filled = [i for i, records in enumerate(available) if records]
    if filled:
        for place in np.linspace(0, len(filled) - 1, wanted + 2)[1:-1].round().astype(int):
            shares[filled[place]] += 1
    return [min(share, records) for share, records in zip(shares, available, strict=True)]


def _read(artifact: OpenedArtifact, split: str, boundary: int, records: int) -> Iterator[Record]:
    if not records:
        return
    check_files(artifact, artifact.shards(split, boundary))
    reader = BucketReader.of(artifact, split, boundary, Batching(records), keep=True)
    with reading_splits(artifact, [split]):
        features, labels = next(iter(reader.batches()))
    columns = {name: tensor.numpy() for name, tensor in {**features, **labels}.items()}
    for row in range(records):
        yield {name: values[row] for name, values in columns.items()}


def _lines(artifact: OpenedArtifact, record: Record) -> Iterator[tuple[str, str]]:
    spec = artifact.spec
    for name, feature in spec.text_features.items():
        yield name, _text(artifact.word_index(feature.vocabulary).decode(record[name]))
    for name in (*spec.numeric_features, *spec.labels, *spec.kept):
        if name in spec.class_labels:
            yield name, _classes(artifact.classes(name), record[name])
        else:
            yield name, _value(record[name])


def _text(tokens: list[str]) -> str:
    shown = " ".join(escape(token) for token in tokens[:_SHOWN])
    rest = f" … and {count(len(tokens) - _SHOWN)} more" if len(tokens) > _SHOWN else ""
    return f"{shown}{rest} ({count(len(tokens))} token{'s' if len(tokens) != 1 else ''})".lstrip()


def _value(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return ", ".join(f"{number:.6g}" for number in np.ravel(value).tolist())


def _classes(classes: Sequence[str], value: Any) -> str:
    if np.ndim(value):
        return ", ".join(classes[index] for index in np.flatnonzero(value).tolist()) or "none"
    return classes[int(value)]
