"""The fixed shapes of the records of a bucket, as a tf.Metadata schema."""

from __future__ import annotations

import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.analysis import RawTensors
from beam_jobs.records.record_plan import RecordPlan
from preprocess.spec import CategoryLabel, MultilabelLabel, Spec
from preprocess.spec.features import length_key


def record_schema(
    spec: Spec, raw: RawTensors, plan: RecordPlan, boundary: int
) -> schema_pb2.Schema:
    """Names, types and shapes of everything in a record of the bucket `boundary`."""
    schema = schema_pb2.Schema()
    for name in spec.text_features:
        _add(schema, name, schema_pb2.INT, plan.buckets.padded_length(name, boundary))
        _add(schema, length_key(name), schema_pb2.INT, None)
    for name in (*spec.numeric_features, *spec.labels, *spec.keep):
        _add(schema, name, _type(spec, raw, name), _size(spec, raw, plan, name))
    return schema


def _add(schema: schema_pb2.Schema, name: str, kind: int, size: int | None) -> None:
    feature = schema.feature.add(name=name, type=kind)
    feature.presence.min_fraction = 1.0
    feature.shape.SetInParent()
    if size is not None:
        feature.shape.dim.add(size=size)


def _type(spec: Spec, raw: RawTensors, name: str) -> int:
    if isinstance(spec.labels.get(name), CategoryLabel | MultilabelLabel):
        return schema_pb2.INT
    dtype = raw.types[name]
    value = dtype.value_type if pa.types.is_list(dtype) else dtype
    if pa.types.is_floating(value):
        return schema_pb2.FLOAT
    return schema_pb2.BYTES if pa.types.is_binary(value) else schema_pb2.INT


def _size(spec: Spec, raw: RawTensors, plan: RecordPlan, name: str) -> int | None:
    if isinstance(spec.labels.get(name), MultilabelLabel):
        return len(plan.classes[name])
    return raw.sizes.get(name)
