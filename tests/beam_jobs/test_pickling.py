"""Everything that Beam or tf.Transform pickles comes back, and leaves the pipeline behind."""

from __future__ import annotations

import pickle

import apache_beam as beam
import pytest
from apache_beam.internal import pickler
from beam_rows import PLAN, RAW, SCHEMA, SPEC, rows_of, tokenized

from beam_jobs.analysis import Analysis
from beam_jobs.analysis.analysis import Collect, tensor_names
from beam_jobs.analysis.scales import CollectScales
from beam_jobs.build import Job
from beam_jobs.records import MergeCounts, MergeHistograms, WriteShard
from beam_jobs.records.example_encoder import ExampleEncoder
from beam_jobs.records.sequencer import SequenceBatches
from beam_jobs.sinks.books import Books
from beam_jobs.sinks.finalise import Finaliser
from beam_jobs.sources import SourceFile
from preprocess.artifact.layout import Layout
from preprocess.core.progress import Progress

FILES = [SourceFile(0, "a.csv", 100, None, "csv")]
LAYOUT = Layout("/artifact")
JOB = Job(SPEC, FILES, SCHEMA, LAYOUT, Progress("/progress"))


def _analysis() -> Analysis:
    return Analysis(SPEC, RAW, LAYOUT, train=0)


VALUES = {
    "Job": JOB,
    "Finaliser": Finaliser(SPEC, RAW, SCHEMA, LAYOUT),
    "Books": Books(FILES, ["train"], [], [], []),
    "RecordPlan": PLAN,
    "RawTensors": RAW,
    "ExampleEncoder": ExampleEncoder(SPEC, PLAN),
    "Progress": JOB.progress,
    "Layout": LAYOUT,
    "Spec": SPEC,
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_values_are_equal_again(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert pickler.loads(pickler.dumps(value)) == value


def test_a_job_that_has_been_used() -> None:
    job = Job(SPEC, FILES, SCHEMA, LAYOUT)
    expected = (job.splits, job.train, job.raw)
    copy = pickle.loads(pickle.dumps(job))
    assert (copy.splits, copy.train, copy.raw) == expected == (["train"], 0, RAW)


DO_FNS = {
    "SequenceBatches": SequenceBatches(SPEC, RAW),
    "WriteShard": WriteShard(SPEC, LAYOUT, ["train"], Progress("/progress")),
    "MergeCounts": MergeCounts(),
    "MergeHistograms": MergeHistograms(),
}


@pytest.mark.parametrize("function", DO_FNS.values(), ids=DO_FNS)
def test_functions_pickle(function: object) -> None:
    assert type(pickler.loads(pickler.dumps(function))) is type(function)


def test_a_tokenized_batch_packs_into_plain_values() -> None:
    batch = tokenized(rows_of(["the cat", ""]))
    packed = pickle.loads(pickle.dumps(batch.pack()))
    copy = type(batch).unpack(packed)
    assert (copy.split, copy.rows) == (batch.split, batch.rows)
    assert copy.tokens == batch.tokens


def test_an_analysis_pickles_without_the_pipeline() -> None:
    analysis = _analysis()
    pipeline = beam.Pipeline()
    collect, scales = analysis._collect, analysis._scales
    batches = pipeline | beam.Create([], reshuffle=False)
    _ = batches | "Collect" >> collect
    _ = batches | "Scales" >> scales
    assert set(analysis.assets) == {"words", "letters", "topic", "tags"}
    assert set(analysis.scales) == {"stars"}
    assert analysis.tokenized is not None
    copy = pickler.loads(pickler.dumps(analysis))
    assert (copy.tokenized, copy.assets, copy.scales) == (None, {}, {})
    assert analysis.tokenized is not None  # the original keeps what it has found


@pytest.mark.parametrize("kind", [Collect, CollectScales])
def test_collectors_keep_their_arguments(kind: type) -> None:
    analysis = _analysis()
    collector = analysis._collect if kind is Collect else analysis._scales
    copy = pickle.loads(pickle.dumps(collector))
    assert copy._train == 0
    assert type(copy) is kind


def test_tensor_names_are_the_keys_of_the_tensors() -> None:
    from beam_rows import inputs_of

    from beam_jobs.analysis.analysis import analysis_tensors
    from preprocess.graph.preprocessing import tokenize

    inputs = inputs_of(rows_of(["a"]))
    tensors = analysis_tensors(inputs, tokenize(inputs, SPEC), SPEC, RAW)
    assert list(tensors) == tensor_names(SPEC, RAW)
