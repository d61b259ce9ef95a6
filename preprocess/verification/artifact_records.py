"""The records that stand in an artifact."""

from __future__ import annotations

import os
from collections.abc import Iterator

import tensorflow as tf

from preprocess.artifact.layout import ARTIFACT
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.output_file import OutputFile
from preprocess.core.errors import ArtifactError
from preprocess.data.bucket_reader import parse_spec
from preprocess.data.reading import reading_file
from preprocess.verification.record_rows import Place, RecordRows

_BATCH = 1024


def found_rows(artifact: OpenedArtifact) -> Iterator[RecordRows]:
    """Every record of every split and bucket, file by file.

    Raises:
      ArtifactError: a file is missing, damaged, or holds records of another shape.
    """
    for split in artifact.manifest.splits:
        for boundary in artifact.manifest.buckets.boundaries:
            for file in artifact.shards(split, boundary):
                yield from _rows(artifact, split, boundary, file)


def _rows(
    artifact: OpenedArtifact, split: str, boundary: int, file: OutputFile
) -> Iterator[RecordRows]:
    path = artifact.layout.path(file.path)
    spec = parse_spec(artifact.manifest.record_layout, boundary)
    compression = artifact.spec.output.tfrecord_compression
    number = 0
    with reading_file(artifact, file):
        for records in tf.data.TFRecordDataset(os.fsencode(path), compression).batch(_BATCH):
            parsed = tf.io.parse_example(records, spec)
            values = {name: tensor.numpy() for name, tensor in parsed.items()}
            places = [Place(file.path, "record", number + i) for i in range(len(records))]
            number += len(records)
            yield RecordRows(split, boundary, values, places)
    if file.records is not None and number != file.records:
        raise ArtifactError(
            f"{path}: got {number:,} records, expected {file.records:,} as "
            f"{ARTIFACT.manifest} says; {ARTIFACT.remedy}"
        )
