"""What the graph hands to the analyzer of each raw column, and what becomes of it there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import tensorflow as tf
from numpy.typing import NDArray

from beam_jobs.job import Job
from beam_jobs.runtime.packing import binary, binary_between, lists
from preprocess.graph.preprocessing import BytesOfTokens, Columns

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class AnalysisColumn(ABC):
    """A raw column on its way through the analyzer.

    Attributes:
      name: of the column.
    """

    name: str

    @property
    @abstractmethod
    def keys(self) -> tuple[str, ...]:
        """Names of its tensors, which do not depend on the data."""

    @abstractmethod
    def tensors(self, inputs: Columns, tokens: BytesOfTokens) -> tuple[tf.Tensor, ...]:
        """Its tensors, in the order of `keys`."""

    @abstractmethod
    def array(self, arrays: Arrays) -> pa.Array:
        """The column of a `TokenizedBatch`, of the arrays that its tensors became."""


@dataclass(frozen=True)
class PlainColumn(AnalysisColumn):
    """A value a row, or several of a fixed number, handed on as it is."""

    type: pa.DataType
    size: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def tensors(self, inputs: Columns, tokens: BytesOfTokens) -> tuple[tf.Tensor, ...]:
        return (inputs[self.name],)

    def array(self, arrays: Arrays) -> pa.Array:
        values = arrays[self.name]
        if self.size is not None:
            return lists(values.reshape(-1), np.full(len(values), self.size))
        return binary(values) if pa.types.is_binary(self.type) else pa.array(values, self.type)


@dataclass(frozen=True)
class RaggedColumn(AnalysisColumn):
    """Any number of names a row: `NAME/values` (string) and `NAME/lengths` (int64)."""

    @property
    def keys(self) -> tuple[str, ...]:
        return f"{self.name}/values", f"{self.name}/lengths"

    def tensors(self, inputs: Columns, tokens: BytesOfTokens) -> tuple[tf.Tensor, ...]:
        return inputs[self.name].flat_values, inputs[self.name].row_lengths()

    def array(self, arrays: Arrays) -> pa.Array:
        values, lengths = (arrays[key] for key in self.keys)
        return lists(binary(values), lengths)


@dataclass(frozen=True)
class TokensColumn(AnalysisColumn):
    """A text feature, as `TokenBytes`: `NAME/bytes`, `NAME/bounds` and `NAME/lengths`."""

    @property
    def keys(self) -> tuple[str, ...]:
        return f"{self.name}/bytes", f"{self.name}/bounds", f"{self.name}/lengths"

    def tensors(self, inputs: Columns, tokens: BytesOfTokens) -> tuple[tf.Tensor, ...]:
        return tokens[self.name]

    def array(self, arrays: Arrays) -> pa.Array:
        """For each row the list of its tokens, dictionary-encoded in order of first occurrence."""
        content, bounds, lengths = (arrays[key] for key in self.keys)
        return lists(binary_between(content, bounds).dictionary_encode(), lengths)


def analysis_columns(job: Job) -> list[AnalysisColumn]:
    """The columns of a job, in the order of its batches."""
    return [_column(job, name) for name in job.raw.types]


def _column(job: Job, name: str) -> AnalysisColumn:
    if name in job.spec.text_features:
        return TokensColumn(name)
    if job.raw.is_ragged(name):
        return RaggedColumn(name)
    return PlainColumn(name, job.raw.types[name], job.raw.sizes.get(name))
