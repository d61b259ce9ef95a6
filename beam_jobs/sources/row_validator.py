"""Converts blocks of raw rows, and reports which rows cannot be used, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns import domains
from beam_jobs.sources.columns.convert import plain, to_python
from beam_jobs.sources.columns.input_column import InputColumn, input_columns, split_column
from beam_jobs.sources.formats import format_of
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.inputs import split_of
from beam_jobs.sources.rejects import shown
from beam_jobs.sources.split_assignment import assign_splits
from preprocess.spec import Spec


@dataclass(frozen=True)
class ValidatedRows:
    """A block after conversion.

    Attributes:
      values: a canonical array for each column; null in bad rows at most.
      splits: int32 index of each row's split; null in bad rows at most.
      bad: boolean, shape (rows,).
      reasons: place and reason of each bad row, the first reason that was found.
    """

    values: list[pa.Array]
    splits: pa.Array
    bad: npt.NDArray[np.bool_]
    reasons: list[tuple[int, str]] = field(default_factory=list)


class RowValidator:
    """Converts the blocks of one file, and finds the rows that cannot be used."""

    def __init__(
        self,
        file: SourceFile,
        spec: Spec,
        schema: schema_pb2.Schema,
        splits: Sequence[str],
        optional: Collection[str] = (),
    ) -> None:
        columns = input_columns(spec, schema, format_of(file).has_cells)
        self.columns = [replace(c, is_optional=c.name in optional) for c in columns]
        self._split = split_column(spec.split_column) if spec.split_column else None
        self._splits = spec.splits
        self._index = 0 if spec.splits else list(splits).index(split_of(file))
        self._schema = schema
        self._features = {f.name: f for f in schema.feature if domains.has_domain(f, schema)}

    @property
    def wanted(self) -> list[InputColumn]:
        """The raw columns to read; one may stand here twice, in two roles."""
        return [*self.columns, *([self._split] if self._split else [])]

    def validate(self, block: Block) -> ValidatedRows:
        """Converts and checks all columns of `block`."""
        raws = [raw(block, column) for column in self.columns]
        values = [c.convert(array) for c, array in zip(self.columns, raws, strict=True)]
        validated = ValidatedRows(
            values, self._assigned_splits(block), np.zeros(len(block.rows), bool)
        )
        for column, given, array in zip(self.columns, raws, values, strict=True):
            unusable = pc.is_null(array)
            if column.is_optional:
                unusable = pc.and_(unusable, pc.is_valid(given))
            _refuse(block, validated, column, unusable, f"expected {column.expected}")
            if column.name in self._features:
                named = array if column.named is None else column.named(given)
                self._check_domain(block, validated, column, named)
        if self._split:
            expected = f"expected {self._expected_split()}"
            _refuse(block, validated, self._split, pc.is_null(validated.splits), expected)
        return validated

    def _assigned_splits(self, block: Block) -> pa.Array:
        if self._split is None or self._splits is None:
            return pa.array(np.full(len(block.rows), self._index, np.int32))
        return assign_splits(self._split.convert(raw(block, self._split)), self._splits)

    def _check_domain(
        self, block: Block, validated: ValidatedRows, column: InputColumn, array: pa.Array
    ) -> None:
        feature = self._features[column.name]
        expected = f"outside the schema's domain {domains.described(feature, self._schema)}"
        _refuse(block, validated, column, domains.outside(array, feature, self._schema), expected)

    def _expected_split(self) -> str:
        assert self._split is not None
        keys = getattr(self._splits, "map", None)
        return f"one of the splits' map: {', '.join(keys)}" if keys else self._split.expected


def raw(block: Block, column: InputColumn) -> pa.Array:
    """The raw values of a column, without views and dictionaries; null where the block lacks it.

    They stand under the column's key where that makes a difference, and else under its source.
    """
    for name in (column.key, column.source):
        if (index := block.table.schema.get_field_index(name)) >= 0:
            return plain(block.table.column(index))
    return pa.nulls(len(block.rows))


def _refuse(
    block: Block, validated: ValidatedRows, column: InputColumn, found: pa.Array, why: str
) -> None:
    """Notes the rows of `found` that are not bad already."""
    fresh = np.flatnonzero(np.asarray(found) & ~validated.bad)
    if not len(fresh):
        return
    values = to_python(raw(block, column).take(pa.array(fresh)))
    for index, value in zip(fresh.tolist(), values, strict=True):
        reason = f"column {column.source!r}: got {shown(value)}, {why}"
        validated.reasons.append((int(block.rows[index]), reason))
    validated.bad[fresh] = True
