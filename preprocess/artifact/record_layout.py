"""What a record holds: the one description that schemas, encoder and readers follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from preprocess.artifact.bucket_plan import BucketPlan
from preprocess.core.columns import Dtype, RecordColumn
from preprocess.spec import Spec
from preprocess.spec.features import length_key


@dataclass(frozen=True)
class RecordLayout:
    """What the records of an artifact hold.

    Attributes:
      spec: names the columns and what they are.
      buckets: padded lengths.
      classes: of each label that learns them, by index.
      kept: dtype of each kept column.
    """

    spec: Spec
    buckets: BucketPlan
    classes: Mapping[str, list[str]]
    kept: Mapping[str, Dtype]

    def columns(self, boundary: int) -> dict[str, RecordColumn]:
        """The columns of the records of the bucket `boundary`, by key, in the schema's order."""
        columns: dict[str, RecordColumn] = {}
        for name in self.spec.text_features:
            width = self.buckets.padded_length(name, boundary)
            columns[name] = RecordColumn("int64", (width,), "ids", name)
            columns[length_key(name)] = RecordColumn("int64", (), "length", name)
        values = {name: RecordColumn("float32") for name in self.spec.numeric_features}
        for name, label in self.spec.labels.items():
            values[name] = label.record(self.classes.get(name, ()))
        values |= {name: RecordColumn(dtype) for name, dtype in self.kept.items()}
        return columns | {name: column._replace(source=name) for name, column in values.items()}

    def values(self, boundary: int | None) -> int:
        """How many values a record holds; a kept string is one of them, however long it is.

        Args:
          boundary: the bucket, whose padding is counted; None: ids are not counted at all.
        """
        columns = self.columns(boundary or self.buckets.boundaries[0]).values()
        counted = (c for c in columns if boundary is not None or c.encoding != "ids")
        return sum(math.prod(column.shape) for column in counted)
