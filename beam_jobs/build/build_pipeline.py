"""The build: raw rows to vocabularies, the transform graph, and bucketed TFRecords."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsDict, AsIter, AsList, AsSingleton, PCollection

from beam_jobs.analysis import AnalysisOutputs, Analyze
from beam_jobs.analysis.vocabulary_files import Asset
from beam_jobs.job import Job
from beam_jobs.records import (
    RECORDS_STATISTICS,
    UNKNOWN,
    AssignShards,
    MergeHistograms,
    RecordPlan,
    WriteShard,
    histograms,
    plan_records,
)
from beam_jobs.records.sequencer import MeasureBatches, SequenceBatches
from beam_jobs.sinks.books import Books, CountedItems, CountedRecords, Entry, UnknownRows
from beam_jobs.sinks.finalise import Finaliser
from beam_jobs.sinks.rejected import part_of, unknown_class, write_part
from beam_jobs.sinks.transform_files import WriteTransform
from beam_jobs.sources import (
    ReadRows,
    RowOutputs,
)
from beam_jobs.subwords import (
    TrainSubwords,
    is_sampled,
)
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.statistics import SplitStatistics


def assemble_training(pipeline: beam.Pipeline, job: Job) -> None:
    """The pass that trains tokenizers; the graph cannot be traced before."""
    progress = job.progress.of_stage("read for tokenizers") if job.progress else None
    read = functools.partial(ReadRows, job.files, job.spec, job.schema)
    batches = again = (pipeline | "ReadRows" >> read(progress)).batches
    if is_sampled(job.spec):
        again = (pipeline | "ReadAgain" >> read()).batches
    (batches, again) | "TrainSubwords" >> TrainSubwords(job)


def assemble(pipeline: beam.Pipeline, job: Job) -> PCollection[Any]:
    """Puts the stages together; the last one yields the manifest."""
    rows = pipeline | "ReadRows" >> ReadRows(job.files, job.spec, job.schema, job.progress)
    analysis = rows.batches | "Analyze" >> Analyze(job)
    found = _found(analysis)
    plan = _record_plan(analysis.tokenized, found, job)
    records = _records(analysis.tokenized, found, plan, job)
    entries = [
        rows.counts,
        analysis.assets | "CountedItems" >> beam.MapTuple(_counted_items),
        *_written(rows, records, plan, job),
        *_counted_records(records),
    ]
    transform = analysis.transform_fn | "WriteTransform" >> WriteTransform(
        job.layout.transform, job.spec
    )
    manifest: PCollection[Any] = (
        pipeline
        | "Finalise" >> beam.Create([job.layout.root], reshuffle=False)
        | "WriteManifest"
        >> beam.Map(
            _finalise,
            job,
            AsList(entries | "Entries" >> beam.Flatten()),
            AsSingleton(plan),
            AsIter(transform),
        )
    )
    return manifest


def _found(analysis: AnalysisOutputs) -> PCollection[Any]:
    """(name, path of the asset, or scale) of everything that the analyzers found."""
    paths = analysis.assets | "Paths" >> beam.MapTuple(lambda name, asset: (name, asset.path))
    found: PCollection[Any] = (paths, analysis.scales) | "Found" >> beam.Flatten()
    return found


def _record_plan(
    tokenized: PCollection[Any], found: PCollection[Any], job: Job
) -> PCollection[Any]:
    """The one `RecordPlan`: boundaries and shards from the lengths of the transformed rows."""
    plan: PCollection[Any] = (
        tokenized
        | "MeasureLengths" >> beam.ParDo(MeasureBatches(job), AsDict(found))
        | "Histograms" >> beam.MapTuple(histograms)
        # Its constructor is Beam's, which has no types.
        | "MergeLengths" >> beam.CombineGlobally(MergeHistograms())  # type: ignore[no-untyped-call]
        | "RecordPlan" >> beam.Map(plan_records, job)
    )
    return plan


def _records(
    tokenized: PCollection[Any], found: PCollection[Any], plan: PCollection[Any], job: Job
) -> beam.pvalue.DoOutputsTuple:
    """Chunks of shards; looks the tokens up again, which is cheaper than to keep the sequences."""
    chunks: beam.pvalue.DoOutputsTuple = (
        tokenized
        | "Sequences" >> beam.ParDo(SequenceBatches(job), AsDict(found))
        | "AssignShards"
        >> beam.ParDo(AssignShards(job), AsSingleton(plan)).with_outputs(
            RECORDS_STATISTICS, UNKNOWN
        )
    )
    return chunks


def _written(
    rows: RowOutputs, records: beam.pvalue.DoOutputsTuple, plan: PCollection[Any], job: Job
) -> list[PCollection[Any]]:
    """Entries of the files that are written: shards, and parts of rejected rows."""
    shards = (
        records[None]
        | "GroupByShard" >> beam.GroupByKey()
        | "WriteShards" >> beam.ParDo(WriteShard(job), AsSingleton(plan))
    )
    of_unknown = records[UNKNOWN] | "UnknownClasses" >> beam.Map(unknown_class, job)
    rejected = (
        (rows.rejected, of_unknown)
        | "Rejected" >> beam.Flatten()
        | "ByPart" >> beam.WithKeys(part_of, job.spec.output.rejected_parts)
        | "GroupByPart" >> beam.GroupByKey()
        | "WriteRejected" >> beam.Map(write_part, job)
    )
    return [shards, rejected]


def _counted_records(records: beam.pvalue.DoOutputsTuple) -> list[PCollection[Any]]:
    """Entries of what was counted on the way."""
    unknown = (
        records[UNKNOWN]
        | "SplitOfUnknown" >> beam.Map(lambda row: row.split)
        | "CountUnknown" >> beam.combiners.Count.PerElement()
        | "UnknownRows" >> beam.MapTuple(UnknownRows)
    )
    statistics = (
        records[RECORDS_STATISTICS]
        | "MergeStatistics" >> beam.CombinePerKey(_total)
        | "CountedRecords" >> beam.MapTuple(CountedRecords)
    )
    return [unknown, statistics]


def _total(statistics: Iterable[SplitStatistics]) -> SplitStatistics:
    return sum(statistics, SplitStatistics())


def _counted_items(name: str, asset: Asset) -> CountedItems:
    return CountedItems(name, asset.counted)


def _finalise(
    _root: str,
    job: Job,
    entries: list[Entry],
    plan: RecordPlan,
    _transform_is_written: Iterable[None],
) -> Manifest:
    return Finaliser(job)(Books(job, entries), plan.layout)
