"""Which raw columns become which canonical ones, and what each accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.columns import convert, list_values
from preprocess.core.columns import RawColumn
from preprocess.spec import BinaryLabel, Spec, TextFeature

_WRITTEN = "\0as written"

Convert = Callable[[pa.Array], pa.Array]
Accepts = Callable[[pa.DataType], bool]


@dataclass(frozen=True)
class InputColumn:
    """A canonical column, and the raw one that it is made of.

    Attributes:
      name: the canonical name.
      expected: what a value must be, for messages.
      convert: raw array of any type to the canonical one, null where a value cannot be used.
      accepts: whether a raw type can hold such values at all.
      type: the canonical type.
      default: the schema's type of the column when the input leaves it open.
      source: the raw column.
      as_written: whether it is the text that someone wrote, of a number too.
      is_optional: whether a row may lack it.
      named: values as names, where the spec maps these; a schema's domain is of them.
    """

    name: str
    expected: str
    convert: Convert
    accepts: Accepts
    type: pa.DataType
    default: int
    source: str = ""
    as_written: bool = False
    is_optional: bool = False
    named: Convert | None = None

    @property
    def key(self) -> str:
        """What its raw values are called in a block."""
        return f"{self.source}{_WRITTEN}" if self.as_written else self.source

    @property
    def read_as(self) -> pa.DataType:
        """The canonical type, or that of the names that are mapped to it."""
        return pa.binary() if self.named else self.type

    @property
    def names_numbers(self) -> bool:
        """Whether numbers become text."""
        is_list = pa.types.is_list(self.read_as)
        value = self.read_as.value_type if is_list else self.read_as
        number = pa.list_(pa.int64()) if is_list else pa.int64()
        return bool(value == pa.binary()) and self.accepts(number)


def input_columns(spec: Spec, schema: schema_pb2.Schema | None, cells: bool) -> list[InputColumn]:
    """The columns of a batch, in the order of the spec: features, labels, kept columns.

    Args:
      spec: names the columns and what they are.
      schema: types of the kept columns; bytes for those it lacks.
      cells: whether every value is text, of which numbers are parsed.
    """
    return list(_planned(spec, schema, cells))


def split_column(name: str) -> InputColumn:
    """The column that splits are made by."""
    expected = "text, a number or a boolean"
    column = InputColumn(name, expected, convert.names, is_word, pa.binary(), schema_pb2.BYTES)
    return replace(column, source=name)


def _planned(spec: Spec, schema: schema_pb2.Schema | None, cells: bool) -> Iterator[InputColumn]:
    limits = {name: _max_bytes(spec, feature) for name, feature in spec.text_features.items()}
    sources = spec.source_columns
    for name, raw in spec.raw_columns.items():
        label = spec.labels.get(name)
        if isinstance(label, BinaryLabel) and label.map is not None:
            column = _mapped(name, label.map)
        else:
            column = _column(name, raw, cells, limits.get(name))
        yield replace(column, source=sources[name])
    types = {feature.name: feature.type for feature in schema.feature} if schema else {}
    for name in spec.kept:
        column = _kept(name, types.get(name, schema_pb2.BYTES), cells)
        yield replace(column, source=sources[name])


def _max_bytes(spec: Spec, feature: TextFeature) -> int | None:
    return spec.vocabularies[feature.vocabulary].tokenizer.max_bytes


def _column(name: str, raw: RawColumn, cells: bool, max_bytes: int | None) -> InputColumn:
    match raw:
        case RawColumn("text", ()):
            return _text(name, max_bytes)
        case RawColumn("text", (None,)):
            return _tokens(name)
        case RawColumn("bit", ()):
            return _binary(name, cells)
        case RawColumn("name", ()):
            return _category(name)
        case RawColumn("name", (None,), str(separator)):
            return _multilabel(name, separator)
        case RawColumn("number", (int(size),)):
            return _vector(name, size)
        case RawColumn("number", ()):
            return _number(name, cells)
    raise TypeError(f"{name}: got {raw}, expected a column that can be read")


def _text(name: str, max_bytes: int | None) -> InputColumn:
    expected = "text in UTF-8"
    change: Convert = convert.texts
    if max_bytes is not None:
        expected = f"{expected} of at most {max_bytes:,} bytes"
        change = _then(change, partial(convert.within, max_bytes=max_bytes))
    accepts = _plainly(convert.is_textual)
    return InputColumn(name, expected, change, accepts, pa.binary(), schema_pb2.BYTES)


def _tokens(name: str) -> InputColumn:
    expected, kind = "a list of texts in UTF-8", pa.list_(pa.binary())
    change = list_values.text_lists
    return InputColumn(name, expected, change, is_texts, kind, schema_pb2.BYTES)


def _number(name: str, cells: bool) -> InputColumn:
    change = _then(convert.cells_as_floats, convert.floats) if cells else convert.floats
    expected = "a finite number in float32's range"
    return InputColumn(name, expected, change, is_number, pa.float32(), schema_pb2.FLOAT)


def _binary(name: str, cells: bool) -> InputColumn:
    change = _then(convert.cells_as_bits, convert.bits) if cells else convert.bits
    return InputColumn(name, "0, 1, false or true", change, is_number, pa.int64(), schema_pb2.INT)


def _mapped(name: str, values: Mapping[str, int]) -> InputColumn:
    change = partial(convert.mapped, values=values)
    expected = f"one of the label's map: {', '.join(values)}"
    column = InputColumn(name, expected, change, is_word, pa.int64(), schema_pb2.BYTES)
    return replace(column, named=convert.words)


def _category(name: str) -> InputColumn:
    expected = "a class: text, a number or a boolean"
    return InputColumn(name, expected, convert.names, is_word, pa.binary(), schema_pb2.BYTES)


def _multilabel(name: str, separator: str) -> InputColumn:
    change = partial(list_values.class_lists, separator=separator)
    expected = f"a list of classes, or text with {separator!r} between them"
    kind = pa.list_(pa.binary())
    return InputColumn(name, expected, change, is_classes, kind, schema_pb2.BYTES)


def _vector(name: str, size: int) -> InputColumn:
    change = partial(list_values.vectors, size=size)
    expected = f"a list of {size} finite numbers"
    return InputColumn(name, expected, change, is_vector, pa.list_(pa.float32()), schema_pb2.FLOAT)


def _kept(name: str, kind: int, cells: bool) -> InputColumn:
    if kind == schema_pb2.INT:
        return InputColumn(name, "an integer", convert.integers, is_number, pa.int64(), kind)
    expected = "text, a number, a boolean, a date or a time"
    # An empty cell is how CSV writes a value that is missing.
    change = _then(convert.exact_texts, convert.not_empty) if cells else convert.exact_texts
    return InputColumn(name, expected, change, is_word, pa.binary(), kind, as_written=True)


def _then(first: Convert, second: Convert) -> Convert:
    return partial(_both, first, second)


def _both(first: Convert, second: Convert, raw: pa.Array) -> pa.Array:
    return second(first(raw))


def _plainly(accepts: Accepts) -> Accepts:
    """`accepts`, asked about the values of a dictionary."""
    return lambda kind: accepts(kind.value_type if pa.types.is_dictionary(kind) else kind)


def _is_plain_number(kind: pa.DataType) -> bool:
    checks = (
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
    )
    return any(check(kind) for check in checks)


def _is_plain_word(kind: pa.DataType) -> bool:
    return convert.is_textual(kind) or _is_plain_number(kind) or convert.is_moment(kind)


is_number = _plainly(_is_plain_number)
is_word = _plainly(_is_plain_word)


def is_texts(kind: pa.DataType) -> bool:
    """Whether values of this type can be lists of texts."""
    return convert.is_listed(kind) and _plainly(convert.is_textual)(kind.value_type)


def is_classes(kind: pa.DataType) -> bool:
    """Whether values of this type can be lists of classes."""
    if convert.is_listed(kind):
        return is_word(kind.value_type)
    return _plainly(convert.is_textual)(kind)


def is_vector(kind: pa.DataType) -> bool:
    """Whether values of this type can be lists of numbers."""
    return convert.is_listed(kind) and is_number(kind.value_type)
