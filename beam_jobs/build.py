"""The build: raw rows to vocabularies, the transform graph, and bucketed TFRecords."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import AsDict, AsIter, AsList, AsSingleton, PCollection

from beam_jobs.analysis import AnalysisOutputs, Analyze
from beam_jobs.analysis.vocabulary_files import Asset
from beam_jobs.job import Job
from beam_jobs.records import (
    RECORDS_STATISTICS,
    UNKNOWN,
    AssignShards,
    MergeHistograms,
    WriteShard,
    histograms,
    plan_records,
)
from beam_jobs.records.sequencer import MeasureBatches, SequenceBatches
from beam_jobs.runtime.options import import_in_workers, is_local, parse_options, runner_of
from beam_jobs.runtime.worker_logs import without_explained_errors
from beam_jobs.sinks.books import Books, CountedItems, CountedRecords, Entry, UnknownRows
from beam_jobs.sinks.finalise import Finaliser
from beam_jobs.sinks.rejected import part_of, unknown_class, write_part
from beam_jobs.sinks.transform_files import WriteTransform
from beam_jobs.sources import (
    ReadRows,
    RowOutputs,
    check_inputs,
    expand,
    load_schema,
    parse_inputs,
)
from beam_jobs.subwords import (
    TrainSubwords,
    copy_given,
    in_artifact,
    is_sampled,
    is_trained,
    log_undercut,
    read_given,
)
from preprocess.artifact.layout import ARTIFACT, Layout
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.record_layout import RecordLayout
from preprocess.artifact.statistics import SplitStatistics
from preprocess.core.errors import from_worker
from preprocess.core.output import ClaimedFolder, claimed
from preprocess.core.progress import Progress, shown
from preprocess.core.storage import as_local
from preprocess.graph.serving import op_libraries
from preprocess.spec import load_spec
from preprocess.spec.tokenizer_checks import check_tokenizers

_OWN_OPTIONS = ("--spec", "--input", "--output", "--schema", "--overwrite")


def build(
    spec: str,
    inputs: Sequence[str],
    output: str,
    schema: str | None = None,
    overwrite: bool = False,
    beam_options: Sequence[str] = (),
) -> Manifest:
    """Builds an artifact.

    Args:
      spec: path of the spec file.
      inputs: `[SPLIT=]GLOB`, as `--input`.
      output: folder of the artifact.
      schema: path of a tf.Metadata schema (.pbtxt) that the raw columns must fit.
      overwrite: whether an artifact that is already there may be replaced.
      beam_options: Beam's own options, as on its command line.

    Returns:
      The manifest that was written.

    Raises:
      SpecError, UsageError, InputError: the user's mistakes; before data are read wherever it
        can be known then.
      RejectsError: too many bad rows.
      BooksError: the runner lost or doubled rows.
    """
    declared = load_spec(spec)
    options = parse_options(beam_options, _OWN_OPTIONS)
    files = expand(parse_inputs(inputs), declared)
    inferred = check_inputs(files, declared, load_schema(schema) if schema is not None else None)
    dictionaries = check_tokenizers(declared)
    import_in_workers(options, op_libraries(declared))
    given = read_given(declared)
    with claimed(output, ARTIFACT, overwrite=overwrite) as folder:
        layout = Layout(folder.new, folder.scratch)
        declared = in_artifact(declared, layout)
        copy_given(given, declared)
        with ExitStack() as stack:
            progress = _progress(stack, folder) if is_local(options) else None
            run(Job(declared, files, inferred, layout, progress, dictionaries), options)
        folder.publish()
        manifest = OpenedArtifact.open(output).manifest
    log_undercut(manifest)
    return manifest


def _progress(stack: ExitStack, folder: ClaimedFolder) -> Progress | None:
    """Shows what local workers do; they exchange it by files."""
    scratch = as_local(folder.scratch)
    if scratch is None:
        return None
    progress = Progress(f"{scratch}/progress")
    stack.enter_context(shown("build", progress))
    return progress


def run(job: Job, options: PipelineOptions) -> None:
    """Runs the pipelines of `job` to their end.

    Raises:
      Text2SeqError: what a worker found wrong with the data.
    """
    try:
        if is_trained(job.spec):
            _run(assemble_training, job, options)
        _run(assemble, job, options)
    except Exception as error:
        found = from_worker(error)
        if found is None:
            raise
        raise found from error


def _run(
    put_together: Callable[[beam.Pipeline, Job], object], job: Job, options: PipelineOptions
) -> None:
    gc.freeze()  # spares the collector the million objects of the imported libraries
    try:
        pipeline = beam.Pipeline(runner=runner_of(options), options=options)
        put_together(pipeline, job)
        with without_explained_errors():
            pipeline.run().wait_until_finish()
    finally:
        gc.unfreeze()


def assemble_training(pipeline: beam.Pipeline, job: Job) -> None:
    """The pass that trains tokenizers; the graph cannot be traced before."""
    progress = job.progress.of_stage("train") if job.progress else None
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
    layout = _record_layout(analysis.tokenized, found, job)
    records = _records(analysis.tokenized, found, layout, job)
    entries = [
        rows.counts,
        analysis.assets | "CountedItems" >> beam.MapTuple(_counted_items),
        *_written(rows, records, layout, job),
        *_counted_records(records),
    ]
    transform = analysis.transform_fn | "WriteTransform" >> WriteTransform(job.layout.transform)
    manifest: PCollection[Any] = (
        pipeline
        | "Finalise" >> beam.Create([job.layout.root], reshuffle=False)
        | "WriteManifest"
        >> beam.Map(
            _finalise,
            job,
            AsList(entries | "Entries" >> beam.Flatten()),
            AsSingleton(layout),
            AsIter(transform),
        )
    )
    return manifest


def _found(analysis: AnalysisOutputs) -> PCollection[Any]:
    """(name, path of the asset, or scale) of everything that the analyzers found."""
    paths = analysis.assets | "Paths" >> beam.MapTuple(lambda name, asset: (name, asset.path))
    found: PCollection[Any] = (paths, analysis.scales) | "Found" >> beam.Flatten()
    return found


def _record_layout(
    tokenized: PCollection[Any], found: PCollection[Any], job: Job
) -> PCollection[Any]:
    """The one `RecordLayout`: boundaries from the lengths of the transformed rows."""
    layout: PCollection[Any] = (
        tokenized
        | "MeasureLengths" >> beam.ParDo(MeasureBatches(job), AsDict(found))
        | "Histograms" >> beam.MapTuple(histograms)
        # Its constructor is Beam's, which has no types.
        | "MergeLengths" >> beam.CombineGlobally(MergeHistograms())  # type: ignore[no-untyped-call]
        | "RecordLayout" >> beam.Map(plan_records, job)
    )
    return layout


def _records(
    tokenized: PCollection[Any], found: PCollection[Any], layout: PCollection[Any], job: Job
) -> beam.pvalue.DoOutputsTuple:
    """Chunks of shards; looks the tokens up again, which is cheaper than to keep the sequences."""
    chunks: beam.pvalue.DoOutputsTuple = (
        tokenized
        | "Sequences" >> beam.ParDo(SequenceBatches(job), AsDict(found))
        | "AssignShards"
        >> beam.ParDo(AssignShards(job), AsSingleton(layout)).with_outputs(
            RECORDS_STATISTICS, UNKNOWN
        )
    )
    return chunks


def _written(
    rows: RowOutputs, records: beam.pvalue.DoOutputsTuple, layout: PCollection[Any], job: Job
) -> list[PCollection[Any]]:
    """Entries of the files that are written: shards, and parts of rejected rows."""
    shards = (
        records[None]
        | "GroupByShard" >> beam.GroupByKey()
        | "WriteShards" >> beam.ParDo(WriteShard(job), AsSingleton(layout))
    )
    of_unknown = records[UNKNOWN] | "UnknownClasses" >> beam.Map(unknown_class, job)
    rejected = (
        (rows.rejected, of_unknown)
        | "Rejected" >> beam.Flatten()
        | "ByPart" >> beam.WithKeys(part_of, job.spec.output.shards)
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
    records: RecordLayout,
    _transform_is_written: Iterable[None],
) -> Manifest:
    return Finaliser(job)(Books(job, entries), records)


if __name__ == "__main__":
    from preprocess.cli import run_command

    run_command("build")
