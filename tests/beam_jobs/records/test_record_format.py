"""Another record format joins behind the same writer."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from beam_rows import JOB, PLAN

from beam_jobs.records import shards
from beam_jobs.records.record_format import COMPRESSIONS, RecordFormat
from beam_jobs.records.shard_rows import HIGH, LOW
from beam_jobs.runtime.packing import pack
from beam_jobs.runtime.spill import Spill
from preprocess.artifact.layout import Layout

FLOATS = pa.list_(pa.float32())


class Lines(RecordFormat):
    """A JSON object a line."""

    suffix = ".lines"

    def __init__(self, records: object) -> None:
        pass

    def examples(self, rows: pa.RecordBatch, boundary: int) -> list[bytes]:
        return [json.dumps([boundary, number]).encode() for number in rows["id"].to_pylist()]

    def chunk_rows(self, boundary: int) -> int:
        return 1

    def framed(self, record: bytes) -> bytes:
        return record + b"\n"


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_format_joins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: str) -> None:
    monkeypatch.setattr(shards, "TFRecordFormat", Lines)
    output = JOB.spec.output.model_copy(update={"compression": compression})
    layout = Layout(str(tmp_path))
    job = replace(JOB, spec=JOB.spec.model_copy(update={"output": output}), layout=layout)
    numbers = {"score": pa.array([0.5, 1], "float"), "place": pa.array([[0, 1], [2, 3]], FLOATS)}
    places = {"_source": [0, 0], HIGH: [2, 1], LOW: [0, 0]}
    rows = pa.record_batch({"id": [7, 8], **numbers, **places})
    spill = Spill(layout.workspace)
    reference = spill.write(pack(rows))
    spill.close()
    [shard] = shards.WriteShard(job).process(((0, 1, 1), [reference]), PLAN)
    ending = {"gzip": ".lines.gz", "none": ".lines"}[compression]
    assert shard.file.path == f"examples/train/bucket-00004/part-00001-of-00002{ending}"
    data = Path(layout.path(shard.file.path)).read_bytes()
    assert shard.numbers["place"].mean == [1.0, 2.0]
    plain = gzip.decompress(data) if compression == "gzip" else data
    assert plain == b"[4, 8]\n[4, 7]\n"
