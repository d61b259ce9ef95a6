"""The tf.Metadata schema of the raw columns: read, inferred and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyarrow as pa
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.columns.convert import is_listed
from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.raw_files import open_raw
from preprocess.core.columns import Dtype, arrow_type
from preprocess.core.errors import InputError, one_line

BYTES: int = schema_pb2.BYTES
INT: int = schema_pb2.INT
FLOAT: int = schema_pb2.FLOAT

DTYPES: dict[int, Dtype] = {INT: "int64", FLOAT: "float32", BYTES: "string"}
"""The dtype of a kept column, by schema type."""

ARROW_TYPES = {kind: arrow_type(dtype) for kind, dtype in DTYPES.items()}
"""The canonical Arrow type of a kept column, by schema type."""

SCHEMA_TYPES: dict[Dtype, int] = {dtype: kind for kind, dtype in DTYPES.items()}
"""The schema type of a dtype."""

MAX_SCHEMA_BYTES = 4 << 20
"""Bytes of a schema that a user gives; one with 1,000 columns has some 100,000."""

_MAX_DEPTH = 64
_SHOWN = 200
# Brackets, and what may hold some that are none: quoted text, and comments.
_BRACKETS = re.compile(r"""[{}<>]|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\#[^\n]*""")

_DOMAINS = {INT: "int_domain", FLOAT: "float_domain"}


def load_schema(path: str, most_bytes: int = MAX_SCHEMA_BYTES) -> schema_pb2.Schema:
    """Reads a schema from a `.pbtxt` file.

    Args:
      path: local path or URI.
      most_bytes: a longer file is refused unread.

    Raises:
      InputError: the file is missing or holds no schema, or one that is too long or deep.
    """
    try:
        with open_raw(path) as file:
            text = file.read(most_bytes + 1).decode("utf-8")
        _check_size(text, most_bytes)
        return text_format.Parse(text, schema_pb2.Schema())
    except (OSError, ValueError, text_format.ParseError, RecursionError) as error:
        what = one_line(error)[:_SHOWN]
        raise InputError(
            f"{path}: got a file that cannot be read as a schema ({what}), expected "
            "a tensorflow.metadata.v0.Schema in text format; check the path of --schema"
        ) from error


def _check_size(text: str, most_bytes: int) -> None:
    """Refuses with a ValueError what would be parsed for long, or deeper than protobuf writes."""
    if len(text.encode()) > most_bytes:
        raise ValueError(f"more than {most_bytes:,} bytes")
    depth = 0
    for token in _BRACKETS.finditer(text):
        depth += {"{": 1, "<": 1, "}": -1, ">": -1}.get(token[0], 0)
        if depth > _MAX_DEPTH:
            raise ValueError(f"nested more than {_MAX_DEPTH} deep")


def schema_type(kind: pa.DataType | None) -> int | None:
    """BYTES, INT or FLOAT for values, or lists of values, of an Arrow type; None if unknown."""
    if kind is None or pa.types.is_null(kind):
        return None
    if pa.types.is_dictionary(kind) or is_listed(kind):
        return schema_type(kind.value_type)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return INT
    return FLOAT if pa.types.is_floating(kind) else BYTES


def fits(format: InputFormat, kind: pa.DataType | None, declared: int) -> bool:
    """Whether a column of an Arrow type can hold what the schema type `declared` asks for.

    Where every value is text, it is parsed. A decimal is a float as well.
    """
    got = schema_type(kind)
    if format.has_cells or got == declared:
        return True
    return declared == FLOAT and kind is not None and pa.types.is_decimal(kind)


def type_name(kind: int) -> str:
    """The name of a schema type."""
    name: str = schema_pb2.FeatureType.Name(kind)
    return name


def kept_type(kinds: Iterable[pa.DataType | None]) -> int:
    """How a kept column is carried, as the schema type of its values in records.

    Args:
      kinds: of the column, one for each file; None where only the rows show it.

    Returns:
      INT where every file declares integers that fit int64; else BYTES, which hold any value.
    """
    return INT if all(map(_fits_int64, kinds)) else BYTES


def _fits_int64(kind: pa.DataType | None) -> bool:
    if kind is None:
        return False
    if pa.types.is_dictionary(kind) or is_listed(kind):
        return _fits_int64(kind.value_type)
    return bool(pa.types.is_integer(kind) and not pa.types.is_uint64(kind))


def carried(
    schema: schema_pb2.Schema, kept: Mapping[str, int], is_declared: bool
) -> schema_pb2.Schema:
    """`schema` with the types that kept columns are carried as.

    Args:
      schema: a user's, which says what the values must be.
      kept: schema type by kept column, as `kept_type` gives it.
      is_declared: whether every file declares types, so that these are compared already; numbers
        that are carried as text are checked by a domain otherwise.
    """
    result = schema_pb2.Schema()
    result.CopyFrom(schema)
    for feature in result.feature:
        if feature.name not in kept:
            continue
        if not is_declared and feature.type in _DOMAINS and not feature.WhichOneof("domain_info"):
            getattr(feature, _DOMAINS[feature.type]).SetInParent()
        feature.type = kept[feature.name]
    return result


def made_of(types: Mapping[str, int]) -> schema_pb2.Schema:
    """A schema of columns and their types."""
    features = [schema_pb2.Feature(name=name, type=kind) for name, kind in types.items()]
    return schema_pb2.Schema(feature=features)


def narrowed(schema: schema_pb2.Schema, columns: Mapping[str, str]) -> schema_pb2.Schema:
    """`schema` with the features of `columns` alone, in their order.

    Args:
      schema: of raw columns.
      columns: name that a feature gets to its raw column.

    Raises:
      InputError: a column that the schema lacks.
    """
    features = {feature.name: feature for feature in schema.feature}
    for name in columns.values():
        if name not in features:
            raise InputError(
                f"--schema: got no feature {name!r}, expected one for each column of the spec "
                f"(it has {listed(features)}); add it to the schema"
            )
    result = schema_pb2.Schema()
    result.CopyFrom(schema)
    del result.feature[:]
    for name, source in columns.items():
        result.feature.add().CopyFrom(features[source])
        result.feature[-1].name = name
    return result


def listed(names: Iterable[str]) -> str:
    """Names, separated by commas, for a message."""
    return ", ".join(names) or "none"
