"""Raw columns as tf.Transform takes them: Arrow lists and their tensor representations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.tfxio.tensor_adapter import TensorAdapterConfig

from beam_jobs.sources.columns.raw_schema import ARROW_TYPES
from preprocess.core.row_position import POSITION
from preprocess.spec import Spec


@dataclass(frozen=True)
class RawTensors:
    """The columns of a source batch, by name, with the Arrow type of one row.

    Attributes:
      types: Arrow type by column; lists are columns of several values a row.
      sizes: number of values a row, for list columns of fixed size.
    """

    types: dict[str, pa.DataType]
    sizes: dict[str, int]

    @classmethod
    def of(cls, spec: Spec, schema: schema_pb2.Schema) -> RawTensors:
        """The columns that a source yields for `spec`; `schema` knows the types of kept columns."""
        kept = {feature.name: ARROW_TYPES[feature.type] for feature in schema.feature}
        declared = spec.raw_columns.items()
        types = dict(POSITION)
        types |= {name: raw.arrow for name, raw in declared}
        types |= {name: kept[name] for name in spec.kept}
        sizes = {name: size for name, raw in declared for size in raw.shape if size}
        return cls(types, sizes)

    @property
    def schema(self) -> pa.Schema:
        """What tf.Transform is fed: every column a list."""
        return pa.schema([(name, _as_list(dtype)) for name, dtype in self.types.items()])

    def config(self) -> TensorAdapterConfig:
        """How the lists become tensors."""
        return TensorAdapterConfig(
            self.schema, {name: self._representation(name) for name in self.types}
        )

    def feed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Wraps every flat column into lists of one value, without copying the values."""
        one_each = pa.array(np.arange(batch.num_rows + 1, dtype=np.int32))
        columns = []
        for name, dtype in self.types.items():
            column = batch.column(name).cast(dtype)
            is_flat = not pa.types.is_list(dtype)
            columns.append(pa.ListArray.from_arrays(one_each, column) if is_flat else column)
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def is_ragged(self, name: str) -> bool:
        """Whether rows hold different numbers of values."""
        return pa.types.is_list(self.types[name]) and name not in self.sizes

    def _representation(self, name: str) -> schema_pb2.TensorRepresentation:
        representation = schema_pb2.TensorRepresentation()
        if self.is_ragged(name):
            representation.ragged_tensor.feature_path.step.append(name)
            representation.ragged_tensor.row_partition_dtype = (
                schema_pb2.TensorRepresentation.RowPartitionDType.INT64
            )
            return representation
        representation.dense_tensor.column_name = name
        shape = representation.dense_tensor.shape
        shape.SetInParent()
        if name in self.sizes:
            shape.dim.add(size=self.sizes[name])
        return representation


def _as_list(dtype: pa.DataType) -> pa.DataType:
    return dtype if pa.types.is_list(dtype) else pa.list_(dtype)
