"""The Beam source gives what reading without Beam gives."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from processes import run_python
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources import (
    Count,
    ReadRows,
    Reject,
    RowReader,
    check_inputs,
    expand,
    parse_inputs,
    read_rows,
    split_names,
)
from preprocess.core.errors import InputError, from_worker
from preprocess.spec import parse_spec

SPEC = parse_spec("""
features: {text: {}}
keep: [n]
splits: {by: n, fractions: {train: 0.5, test: 0.5}}
""")


@dataclass
class Noted:
    """A progress that appends to a file, as it may run in another process."""

    path: str

    def add(self, stage: str, rows: int, bytes: int) -> None:
        with open(self.path, "a") as file:
            file.write(f"{stage} {rows} {bytes}\n")


@pytest.fixture
def files(write, monkeypatch):
    monkeypatch.setattr("beam_jobs.sources.readers.parquet.SPLIT_BYTES", 1)
    rows = [{"text": "x" * i, "n": i} for i in range(9)]
    paths = [
        write("1.parquet", rows),
        write("2.jsonl", [*rows, {"text": 1, "n": 1}]),
        write("3.csv", rows),
        write("4.jsonl", b""),
    ]
    return expand(parse_inputs([str(path) for path in paths]))


def _key(item: object) -> str:
    return repr(item.to_pylist() if isinstance(item, pa.RecordBatch) else item)


def _of(items: list, kind: type) -> list[str]:
    return sorted(_key(item) for item in items if isinstance(item, kind))


def test_beam_equals_plain_python(files, tmp_path):
    schema = check_inputs(files, SPEC)
    plain = list(read_rows(files, SPEC, schema))
    noted = Noted(str(tmp_path / "progress"))
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        rows = pipeline | ReadRows(files, SPEC, schema, noted)
        kinds = {"batches": pa.RecordBatch, "rejected": Reject, "counts": Count}
        for name, kind in kinds.items():
            found = getattr(rows, name) | f"key {name}" >> beam.Map(_key)
            assert_that(found, equal_to(_of(plain, kind)), label=f"same {name}")
    done = [line.split() for line in Path(noted.path).read_text().splitlines()]
    assert {stage for stage, _, _ in done} == {"read"}
    assert sum(int(rows) for _, rows, _ in done) == 27
    assert (
        sum(int(size) for _, _, size in done) == 3 * sum(range(9)) + 27
    )  # n is text, as in the CSV


@pytest.mark.parametrize("name", ["a.tfrecord", "a.parquet"])
def test_an_error_keeps_its_message(write, name):
    [file] = expand(parse_inputs([str(write(name, b"nonsense that is no such file"))]))
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | ReadRows([file], SPEC, schema_pb2.Schema())
    with pytest.raises(Exception, match="text2seq") as caught:
        pipeline.run()
    found = from_worker(caught.value)
    assert isinstance(found, InputError)
    assert str(found).startswith(f"{file.path}: ")


def test_readers_pickle(files):
    reader = RowReader(SPEC, check_inputs(files, SPEC), split_names(SPEC, files))
    assert pickle.loads(pickle.dumps(reader)) == reader


def test_importing_the_package_leaves_tensorflow_alone():
    code = "import sys, beam_jobs.sources; print('tensorflow' in sys.modules)"
    assert run_python("-c", code).stdout == "False\n"
