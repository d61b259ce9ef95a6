"""Small files in every format, and one call that reads them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from beam_jobs.sources import (
    Count,
    Reject,
    check_inputs,
    expand,
    parse_inputs,
    read_rows,
    total,
)
from preprocess.core.tfrecord_framing import write_records
from preprocess.spec import parse_spec

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Read:
    """What came out of some files."""

    batches: list[pa.RecordBatch]
    rejects: list[Reject]
    books: dict[int, Count]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row for batch in self.batches for row in batch.to_pylist()]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def reasons(self) -> list[str]:
        return [reject.reason for reject in self.rejects]


def read_files(spec: str, *inputs: str | Path, schema: Any = None) -> Read:
    """Everything that `inputs` hold, the checks before included."""
    parsed = parse_spec(spec)
    files = expand(parse_inputs([str(value) for value in inputs]), parsed)
    items = list(read_rows(files, parsed, check_inputs(files, parsed, schema)))
    return Read(
        [item for item in items if isinstance(item, pa.RecordBatch)],
        [item for item in items if isinstance(item, Reject)],
        total(item for item in items if isinstance(item, Count)),
    )


def encoded(name: str, rows: Rows) -> bytes:
    """`rows` in the format of a file called `name`, before compression."""
    stem = name.removesuffix(".gz")
    if stem.endswith(".jsonl"):
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    if stem.endswith((".csv", ".tsv")):
        return _delimited(rows, "\t" if stem.endswith(".tsv") else ",")
    if stem.endswith(".tfrecord"):
        return framed(example(row) for row in rows)
    table, sink = pa.Table.from_pylist([dict(row) for row in rows]), pa.BufferOutputStream()
    if stem.endswith(".arrows"):
        return ipc(table, stream=True)
    if stem.endswith((".arrow", ".feather")):
        return ipc(table)
    pq.write_table(table, sink, row_group_size=2)
    return sink.getvalue().to_pybytes()


def ipc(table: pa.Table, rows: int = 2, stream: bool = False, **options: Any) -> bytes:
    """An Arrow IPC file, or a stream, whose record batches hold some rows each."""
    new, sink = pa.ipc.new_stream if stream else pa.ipc.new_file, pa.BufferOutputStream()
    with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=rows)
    return sink.getvalue().to_pybytes()


def framed(records: Iterable[bytes]) -> bytes:
    """A TFRecord file."""
    from io import BytesIO

    sink = BytesIO()
    write_records(sink, records)
    return sink.getvalue()


def example(row: Mapping[str, Any]) -> bytes:
    """A serialized tf.train.Example."""
    import tensorflow as tf

    result = tf.train.Example()
    for name, value in row.items():
        values = value if isinstance(value, list) else [value]
        feature = result.features.feature[name]
        if all(isinstance(item, str | bytes) for item in values):
            data = [item.encode() if isinstance(item, str) else item for item in values]
            feature.bytes_list.value.extend(data)
        elif all(isinstance(item, int) for item in values):
            feature.int64_list.value.extend(int(item) for item in values)
        else:
            feature.float_list.value.extend(values)
    return result.SerializeToString()


def _delimited(rows: Rows, delimiter: str) -> bytes:
    from io import StringIO

    sink = StringIO(newline="")
    writer = csv.DictWriter(sink, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows([{k: _cell(v) for k, v in row.items()} for row in rows])
    return sink.getvalue().encode()


def _cell(value: object) -> object:
    return ",".join(value) if isinstance(value, list) else value
