"""The fixed shapes of the records of a bucket, as a tf.Metadata schema."""

from __future__ import annotations

from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.columns.raw_schema import SCHEMA_TYPES
from preprocess.artifact.record_layout import RecordLayout


def record_schema(records: RecordLayout, boundary: int) -> schema_pb2.Schema:
    """Names, types and shapes of everything in a record of the bucket `boundary`."""
    schema = schema_pb2.Schema()
    for name, column in records.columns(boundary).items():
        feature = schema.feature.add(name=name, type=SCHEMA_TYPES[column.dtype])
        feature.presence.min_fraction = 1.0
        feature.shape.SetInParent()
        for size in column.shape:
            feature.shape.dim.add(size=size)
    return schema
