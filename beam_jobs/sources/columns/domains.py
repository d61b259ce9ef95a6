"""The domains that a given tf.Metadata schema sets for the values of a column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.columns import convert
from beam_jobs.sources.columns.list_values import flattened

_OF = {"int_domain": "of integers", "float_domain": "of numbers"}


def has_domain(feature: schema_pb2.Feature, schema: schema_pb2.Schema) -> bool:
    """Whether `schema` limits the values of `feature` to a range or to some texts."""
    kind = feature.WhichOneof("domain_info")
    return kind in ("int_domain", "float_domain") or allowed_strings(feature, schema) is not None


def outside(values: pa.Array, feature: schema_pb2.Feature, schema: schema_pb2.Schema) -> pa.Array:
    """Which rows hold a value that the schema's domain of `feature` lacks: boolean."""
    if convert.is_listed(values.type):
        return _outside_lists(values, feature, schema)
    kind = feature.WhichOneof("domain_info")
    if kind == "int_domain":
        return _outside_range(values, feature.int_domain)
    if kind == "float_domain":
        return _outside_range(values, feature.float_domain)
    allowed = pa.array(allowed_strings(feature, schema), pa.binary())
    return pc.invert(pc.is_in(convert.words(values), allowed))


def described(feature: schema_pb2.Feature, schema: schema_pb2.Schema) -> str:
    """The domain of `feature` in words, for messages."""
    kind = feature.WhichOneof("domain_info")
    if kind in ("int_domain", "float_domain"):
        domain = getattr(feature, kind)
        low = f"{domain.min:g}" if domain.HasField("min") else ""
        high = f"{domain.max:g}" if domain.HasField("max") else ""
        return f"{low}..{high}" if low or high else _OF[kind]
    listed = [value.decode() for value in allowed_strings(feature, schema) or []]
    return ", ".join(listed[:10]) + (", ..." if len(listed) > 10 else "")


def allowed_strings(feature: schema_pb2.Feature, schema: schema_pb2.Schema) -> list[bytes] | None:
    """The values of the string domain of `feature`, its own or one named; None without one."""
    kind = feature.WhichOneof("domain_info")
    if kind == "string_domain":
        return [value.encode() for value in feature.string_domain.value]
    if kind != "domain":
        return None
    named = {domain.name: domain.value for domain in schema.string_domain}
    return [value.encode() for value in named.get(feature.domain, [])]


def _outside_lists(
    values: pa.Array, feature: schema_pb2.Feature, schema: schema_pb2.Schema
) -> pa.Array:
    rows, flat = flattened(values)
    result = np.zeros(len(values), bool)
    result[rows[np.asarray(outside(flat, feature, schema))]] = True
    return pa.array(result)


def _outside_range(
    values: pa.Array, domain: schema_pb2.IntDomain | schema_pb2.FloatDomain
) -> pa.Array:
    values = _comparable(values, isinstance(domain, schema_pb2.IntDomain))
    result = pc.is_null(values)
    for name, beyond in (("min", pc.less), ("max", pc.greater)):
        if domain.HasField(name):
            # A bound in the type of the values: 0.1 as float32 must not lie outside of 0..0.1.
            bound = pa.scalar(getattr(domain, name), values.type)
            result = pc.or_(result, pc.fill_null(beyond(values, bound), True))
    return result


def _comparable(values: pa.Array, has_integer_bounds: bool) -> pa.Array:
    if values.type == pa.binary():
        parse = convert.cells_as_integers if has_integer_bounds else convert.cells_as_floats
        return parse(values)
    if values.type == pa.int64() and not has_integer_bounds:
        return values.cast(pa.float64(), safe=False)
    return values
