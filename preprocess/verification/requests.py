"""Canonical rows as `serving/` is asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from preprocess.artifact.manifest import Manifest
from preprocess.core.token_lists import padded
from preprocess.verification.server import Columns

_MOST_STRINGS = 1 << 20  # of a request, with those that pad


def bounded(batch: pa.RecordBatch, manifest: Manifest) -> Iterator[pa.RecordBatch]:
    """A batch, halved until its lists are not too many strings once all are as long as one."""
    lists = [batch.column(name) for name in manifest.spec.features if _is_list(batch.column(name))]
    longest = max((pc.max(pc.list_value_length(column)).as_py() for column in lists), default=0)
    if batch.num_rows < 2 or batch.num_rows * longest <= _MOST_STRINGS:
        yield batch
        return
    middle = batch.num_rows // 2
    yield from bounded(batch.slice(0, middle), manifest)
    yield from bounded(batch.slice(middle), manifest)


def _is_list(column: pa.Array) -> bool:
    return bool(pa.types.is_list(column.type))


def columns_of(batch: pa.RecordBatch, manifest: Manifest) -> Columns:
    """The columns of a canonical batch as `serving/` takes them."""
    texts = {name: _texts(batch.column(name)) for name in manifest.spec.text_features}
    numbers = {name: batch.column(name).to_numpy() for name in manifest.spec.numeric_features}
    return {**texts, **numbers}


def _texts(column: pa.Array) -> Any:
    return padded(column.to_pylist()) if _is_list(column) else column.to_pylist()
