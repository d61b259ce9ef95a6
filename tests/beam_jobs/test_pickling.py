"""Everything that Beam or tf.Transform pickles comes back, and leaves the pipeline behind."""

from __future__ import annotations

import pickle
from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.internal import pickler
from beam_rows import JOB, RAW, RECORDS, SPEC, inputs_of, rows_of, tokenized

from beam_jobs.analysis import Analyze
from beam_jobs.analysis.analysis_columns import analysis_columns
from beam_jobs.analysis.analyze_batches import AnalyzeBatches
from beam_jobs.analysis.collect_tokens import CollectTokens
from beam_jobs.analysis.scales import CollectScales
from beam_jobs.records import AssignShards, MergeHistograms, WriteShard
from beam_jobs.records.example_encoder import ExampleEncoder
from beam_jobs.records.sequencer import SequenceBatches
from beam_jobs.sinks.books import Books
from beam_jobs.sinks.finalise import Finaliser
from beam_jobs.sources import Count
from preprocess.core.progress import Progress
from preprocess.graph.preprocessing import token_bytes, tokenize

USED = replace(JOB, progress=Progress("/progress"))

VALUES = {
    "Job": USED,
    "Finaliser": Finaliser(USED),
    "Books": Books(USED, [Count(0, 1, 0, {0: 1})]),
    "RecordLayout": RECORDS,
    "RawTensors": RAW,
    "ExampleEncoder": ExampleEncoder(RECORDS),
    "Progress": USED.progress,
    "Layout": JOB.layout,
    "Spec": SPEC,
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_values_are_equal_again(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert pickler.loads(pickler.dumps(value)) == value


def test_a_job_that_has_been_used() -> None:
    job = replace(JOB)
    expected = (job.splits, job.train, job.raw)
    copy = pickle.loads(pickle.dumps(job))
    assert (copy.splits, copy.train, copy.raw) == expected == (["train"], 0, RAW)


DO_FNS = {
    "AnalyzeBatches": AnalyzeBatches(USED),
    "AssignShards": AssignShards(USED),
    "SequenceBatches": SequenceBatches(USED),
    "WriteShard": WriteShard(USED),
    "MergeHistograms": MergeHistograms(),
}


@pytest.mark.parametrize("function", DO_FNS.values(), ids=DO_FNS)
def test_functions_pickle(function: object) -> None:
    assert type(pickler.loads(pickler.dumps(function))) is type(function)


def test_a_tokenized_batch_comes_back() -> None:
    batch = tokenized(rows_of(["the cat", ""]))
    copy = type(batch).unpack(batch.pack())
    assert (copy.split, copy.rows) == (batch.split, batch.rows)
    assert copy.tokens == batch.tokens


@pytest.mark.parametrize("kind", [CollectTokens, CollectScales])
def test_a_collector_pickles_without_the_pipeline(kind: type) -> None:
    collector = kind(JOB)
    _ = beam.Pipeline() | beam.Create([], reshuffle=False) | "Collect" >> collector
    copy = pickler.loads(pickler.dumps(collector))
    with pytest.raises(ValueError, match="not enough values"):
        copy.collected.take()
    assert collector.collected.take()  # the original keeps what it has made


def test_an_analysis_gives_its_collections() -> None:
    outputs = beam.Pipeline() | beam.Create([], reshuffle=False) | Analyze(JOB)
    for name in ("tokenized", "assets", "scales"):
        assert isinstance(getattr(outputs, name), beam.PCollection), name
    assert len(outputs.transform_fn) == 2


def test_columns_name_their_tensors() -> None:
    inputs = inputs_of(rows_of(["a"]))
    tokens = token_bytes(inputs, tokenize(inputs, SPEC), SPEC)
    columns = analysis_columns(JOB)
    assert [column.name for column in columns] == list(RAW.types)
    keys = [key for column in columns for key in column.keys]
    assert len(keys) == len(set(keys))
    for column in columns:
        assert len(column.keys) == len(column.tensors(inputs, tokens))
