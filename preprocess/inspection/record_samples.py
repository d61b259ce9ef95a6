"""A few records of every split, decoded back to words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.console import Group

from preprocess.artifact.layout import Layout, bucket_name
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.word_index import WordIndex
from preprocess.core.escaping import escape
from preprocess.data.batching import Batching
from preprocess.data.bucket_reader import BucketReader, check_files
from preprocess.inspection.text_tables import count, facts, section
from preprocess.spec import MultilabelLabel

# Words of a text that are shown.
_SHOWN = 60

Record = Mapping[str, Any]  # a value is an array, a number or bytes


def sample_records(
    manifest: Manifest, layout: Layout, words: Mapping[str, WordIndex], records: int
) -> Iterator[Group]:
    """Up to `records` records of each split, from different buckets where there are several.

    Raises:
      ArtifactError: a record file is missing or of another size than in the manifest.
    """
    boundaries = manifest.buckets.boundaries
    for split in manifest.splits:
        shares = _shares([manifest.records(split, b) for b in boundaries], records)
        for boundary, share in zip(boundaries, shares, strict=True):
            for record in _read(manifest, layout, split, boundary, share):
                title = f"A record of {split} in {bucket_name(boundary)}"
                yield section(title, facts(_lines(manifest, words, record)))


def _shares(available: list[int], wanted: int) -> list[int]:
    """How many records to take of each bucket: spread evenly, and no more than there are."""
    shares = [0] * len(available)
    filled = [i for i, records in enumerate(available) if records]
    if filled:
        for place in np.linspace(0, len(filled) - 1, wanted + 2)[1:-1].round().astype(int):
            shares[filled[place]] += 1
    return [min(share, records) for share, records in zip(shares, available, strict=True)]


def _read(
    manifest: Manifest, layout: Layout, split: str, boundary: int, records: int
) -> Iterator[Record]:
    if not records:
        return
    check_files(layout, manifest.shards(split, boundary))
    reader = BucketReader.of(manifest, layout, split, boundary, Batching(records), keep=True)
    features, labels = next(iter(reader.batches()))
    columns = {name: tensor.numpy() for name, tensor in {**features, **labels}.items()}
    for row in range(records):
        yield {name: values[row] for name, values in columns.items()}


def _lines(
    manifest: Manifest, words: Mapping[str, WordIndex], record: Record
) -> Iterator[tuple[str, str]]:
    spec = manifest.spec
    for name, feature in spec.text_features.items():
        yield name, _text(words[feature.vocabulary].decode(record[name]))
    for name in (*spec.numeric_features, *spec.labels, *spec.keep):
        yield name, _value(manifest, name, record[name])


def _text(tokens: list[str]) -> str:
    shown = " ".join(escape(token) for token in tokens[:_SHOWN])
    rest = f" … and {count(len(tokens) - _SHOWN)} more" if len(tokens) > _SHOWN else ""
    return f"{shown}{rest} ({count(len(tokens))} token{'s' if len(tokens) != 1 else ''})".lstrip()


def _value(manifest: Manifest, name: str, value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    classes = manifest.classes.get(name)
    if classes is None:
        return ", ".join(f"{number:.6g}" for number in np.ravel(value).tolist())
    if isinstance(manifest.spec.labels[name], MultilabelLabel):
        return ", ".join(classes[i] for i in np.flatnonzero(value)) or "none"
    return classes[int(value)]
