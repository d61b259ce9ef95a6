"""The files of rejected rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.job import Job
from beam_jobs.records.sequencer import UnknownClass
from beam_jobs.sinks.rejected import part_of, unknown_class, write_part
from beam_jobs.sources import Reject, SourceFile
from preprocess.artifact.layout import Layout
from preprocess.spec import Spec

ROWS = [
    Reject("b.csv", 2, "row", "reason é"),
    Reject("a.jsonl", 10, "byte", 'line\n"quoted"'),
    Reject("b.csv", 0, "row", "reason é"),
    Reject("a.jsonl", 9, "byte", "x"),
]
LINES = [
    {"source": "a.jsonl", "row": 9, "unit": "byte", "reason": "x"},
    {"source": "a.jsonl", "row": 10, "unit": "byte", "reason": 'line\n"quoted"'},
    {"source": "b.csv", "row": 0, "unit": "row", "reason": "reason é"},
    {"source": "b.csv", "row": 2, "unit": "row", "reason": "reason é"},
]


def _job(folder: Path, shards: int | str = 4) -> Job:
    spec = Spec.model_validate({"features": {"text": {}}, "output": {"shards": shards}})
    return Job(spec, [], schema_pb2.Schema(), Layout(str(folder)))


def test_a_part(tmp_path: Path) -> None:
    part = write_part((2, iter(ROWS)), _job(tmp_path))
    data = (tmp_path / "rejected" / "part-00002-of-00004.jsonl").read_bytes()
    assert [json.loads(line) for line in data.decode().splitlines()] == LINES
    assert part.file.path == "rejected/part-00002-of-00004.jsonl"
    assert (part.file.bytes, part.file.records) == (len(data), 4)
    assert part.file.sha256 == hashlib.sha256(data).hexdigest()
    assert part.sources == {"a.jsonl": 2, "b.csv": 2}
    assert part.reasons == {"x": 1, 'line\n"quoted"': 1, "reason é": 2}
    assert part.first["reason é"] == Reject("b.csv", 0, "row", "reason é")


def test_the_order_does_not_matter(tmp_path: Path) -> None:
    first = write_part((0, ROWS), _job(tmp_path / "a"))
    second = write_part((0, ROWS[::-1]), _job(tmp_path / "b"))
    assert first == second


@pytest.mark.parametrize(("shards", "parts"), [("auto", 4), (1, 1), (11, 11)])
def test_the_number_of_parts(tmp_path: Path, shards: int | str, parts: int) -> None:
    job = _job(tmp_path, shards)
    assert job.spec.output.rejected_parts == parts
    assert write_part((0, ROWS), job).file.path == f"rejected/part-00000-of-{parts:05d}.jsonl"


def test_the_part_of_a_row() -> None:
    # blake2b, not `hash()`: the same in every process
    parts = [part_of(Reject("a.csv", row, "row", "any reason"), 4) for row in range(8)]
    assert parts == [3, 1, 0, 0, 1, 2, 0, 0]
    assert {part_of(Reject("a.csv", row, "row", ""), 4) for row in range(99)} == {0, 1, 2, 3}
    assert {part_of(reject, 1) for reject in ROWS} == {0}


def test_unknown_class(tmp_path: Path) -> None:
    files = [SourceFile(0, "a.csv", 1, None, "csv"), SourceFile(1, "b.jsonl", 1, None, "jsonl")]
    assert unknown_class(
        UnknownClass(0, 1, 40, "topic", "war"), replace(_job(tmp_path), files=files)
    ) == Reject(
        "b.jsonl",
        40,
        "byte",
        "topic: got the class 'war', expected one that the train split holds too",
    )
