"""The build: raw rows to vocabularies, the transform graph, and bucketed TFRecords."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import apache_beam as beam
import pyarrow as pa
import tensorflow_transform.beam as tft_beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import AsDict, AsIter, AsList, AsSingleton, PCollection

from beam_jobs.analysis import Analysis
from beam_jobs.job import Job
from beam_jobs.records import (
    RECORDS_STATISTICS,
    UNKNOWN,
    AssignShards,
    MergeCounts,
    MergeHistograms,
    RecordPlan,
    WriteShard,
    histograms,
    plan_records,
)
from beam_jobs.records.sequencer import MeasureBatches, SequenceBatches
from beam_jobs.runtime.artifact_folder import prepare_output
from beam_jobs.runtime.options import import_in_workers, is_local, parse_options, runner_of
from beam_jobs.runtime.worker_logs import without_marked_errors
from beam_jobs.sinks.books import Books
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
    read_given,
)
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import Manifest, read_manifest
from preprocess.core.errors import from_worker
from preprocess.core.progress import watched
from preprocess.core.storage import delete_tree
from preprocess.graph.preprocessing import preprocessing_fn
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
    files = expand(parse_inputs(inputs))
    inferred = check_inputs(files, declared, load_schema(schema) if schema else None)
    dictionaries = check_tokenizers(declared)
    import_in_workers(options, op_libraries(declared))
    given = read_given(declared)
    layout = Layout(output)
    prepare_output(layout, overwrite)
    declared = in_artifact(declared, layout)
    copy_given(given, declared)
    with watched("build", shown=is_local(options)) as progress:
        shown = progress if is_local(options) else None
        run(Job(declared, files, inferred, layout, shown, dictionaries), options)
    return read_manifest(output)


def run(job: Job, options: PipelineOptions) -> None:
    """Runs the pipelines of `job` to their end.

    Raises:
      Text2SeqError: what a worker found wrong with the data.
    """
    if is_trained(job.spec):
        _run(assemble_training, job, options)
    _run(assemble, job, options)


def _run(
    put_together: Callable[[beam.Pipeline, Job], object], job: Job, options: PipelineOptions
) -> None:
    gc.freeze()  # spares the collector the million objects of the imported libraries
    try:
        pipeline = beam.Pipeline(runner=runner_of(options), options=options)
        put_together(pipeline, job)
        with without_marked_errors():
            pipeline.run().wait_until_finish()
    except Exception as error:
        delete_tree(job.layout.workspace)
        found = from_worker(error)
        if found is None:
            raise
        raise found from error
    finally:
        gc.unfreeze()


def assemble_training(pipeline: beam.Pipeline, job: Job) -> None:
    """The pass that trains tokenizers; the graph cannot be traced before."""
    progress = job.progress.of_stage("train") if job.progress else None
    read = functools.partial(ReadRows, job.files, job.spec, job.schema)
    batches = again = (pipeline | "ReadRows" >> read(progress)).batches
    if is_sampled(job.spec):
        again = (pipeline | "ReadAgain" >> read()).batches
    (batches, again) | "TrainSubwords" >> TrainSubwords(job.spec, job.train)


def assemble(pipeline: beam.Pipeline, job: Job) -> PCollection:
    """Puts the stages together; the last one yields the manifest."""
    rows = pipeline | "ReadRows" >> ReadRows(job.files, job.spec, job.schema, job.progress)
    analysis = Analysis(job.spec, job.raw, job.layout, job.train)
    transform = _write_transform(rows, analysis, job)
    found = _found(analysis)
    plan = _plan(analysis.tokenized, found, job)
    records = _records(analysis.tokenized, found, plan, job)
    shards = _write_shards(records[None], plan, job)
    rejected = _write_rejected(rows.rejected, records[UNKNOWN], job)
    unknown = (
        records[UNKNOWN]
        | "SplitOfUnknown" >> beam.Map(lambda row: row.split)
        | "CountUnknown" >> beam.combiners.Count.PerElement()
    )
    statistics = records[RECORDS_STATISTICS] | "MergeStatistics" >> beam.CombineGlobally(
        MergeCounts()
    )
    return (
        pipeline
        | "Finalise" >> beam.Create([job.layout.root], reshuffle=False)
        | "WriteManifest"
        >> beam.Map(
            _finalise,
            job,
            AsList(rows.counts),
            AsList(shards),
            AsList(rejected),
            AsDict(unknown),
            AsSingleton(plan),
            AsSingleton(statistics),
            AsDict(_counted(analysis)),
            AsIter(transform),
        )
    )


def _write_transform(rows: RowOutputs, analysis: Analysis, job: Job) -> PCollection:
    """Analyzes the rows and writes `transform/`."""
    with tft_beam.Context(temp_dir=f"{job.layout.workspace}/transform"):
        feed = beam.Map(job.raw.feed).with_output_types(pa.RecordBatch)
        batches = rows.batches | "AsTensors" >> feed
        transform_fn = (batches, job.raw.config()) | "Analyze" >> tft_beam.AnalyzeDataset(
            functools.partial(preprocessing_fn, spec=job.spec, analyze=analysis)
        )
        return transform_fn | "WriteTransform" >> WriteTransform(job.layout.transform)


def _found(analysis: Analysis) -> PCollection:
    """(name, path of the asset, or scale) of everything that the analyzers found."""
    named = [
        asset | f"Path[{name}]" >> beam.Map(lambda asset, name: (name, asset.path), name)
        for name, asset in analysis.assets.items()
    ]
    named += [
        scale | f"NamedScale[{name}]" >> beam.Map(lambda scale, name: (name, scale), name)
        for name, scale in analysis.scales.items()
    ]
    return named | "Found" >> beam.Flatten()


def _counted(analysis: Analysis) -> PCollection:
    """(name, tokens or classes counted) of each vocabulary and class label."""
    named = [
        asset | f"Counted[{name}]" >> beam.Map(lambda asset, name: (name, asset.counted), name)
        for name, asset in analysis.assets.items()
    ]
    return named | "Counted" >> beam.Flatten()


def _plan(tokenized: PCollection, found: PCollection, job: Job) -> PCollection:
    """The one `RecordPlan`: boundaries from the lengths of the transformed rows."""
    return (
        tokenized
        | "MeasureLengths" >> beam.ParDo(MeasureBatches(job.spec, job.raw), AsDict(found))
        | "Histograms" >> beam.MapTuple(histograms)
        | "MergeLengths" >> beam.CombineGlobally(MergeHistograms())
        | "RecordPlan" >> beam.Map(plan_records, job.spec, job.layout, job.train)
    )


def _records(
    tokenized: PCollection, found: PCollection, plan: PCollection, job: Job
) -> beam.pvalue.DoOutputsTuple:
    """Chunks of shards; looks the tokens up again, which is cheaper than to keep the sequences."""
    assign = AssignShards(job.spec, len(job.splits), job.layout.workspace)
    return (
        tokenized
        | "Sequences" >> beam.ParDo(SequenceBatches(job.spec, job.raw), AsDict(found))
        | "AssignShards"
        >> beam.ParDo(assign, AsSingleton(plan)).with_outputs(RECORDS_STATISTICS, UNKNOWN)
    )


def _write_shards(chunks: PCollection, plan: PCollection, job: Job) -> PCollection:
    write = WriteShard(job.spec, job.layout, job.splits, job.progress)
    return (
        chunks
        | "GroupByShard" >> beam.GroupByKey()
        | "WriteShards" >> beam.ParDo(write, AsSingleton(plan))
    )


def _write_rejected(read: PCollection, unknown: PCollection, job: Job) -> PCollection:
    parts = job.spec.output.shards
    of_unknown = unknown | "UnknownClasses" >> beam.Map(unknown_class, job.files)
    return (
        (read, of_unknown)
        | "Rejected" >> beam.Flatten()
        | "ByPart" >> beam.WithKeys(part_of, parts)
        | "GroupByPart" >> beam.GroupByKey()
        | "WriteRejected" >> beam.Map(write_part, parts, job.layout)
    )


def _finalise(
    _root: str,
    job: Job,
    read: list[Any],
    shards: list[Any],
    rejected: list[Any],
    unknown: dict[int, int],
    plan: RecordPlan,
    statistics: dict[int, Any],
    counted: dict[str, int],
    _transform_is_written: Iterable[None],
) -> Manifest:
    books = Books(job.files, job.splits, read, shards, rejected, unknown, counted)
    finalise = Finaliser(job.spec, job.raw, job.schema, job.layout, job.dictionaries)
    return finalise(books, plan, statistics)


if __name__ == "__main__":
    from preprocess.cli.command_line import run_command

    run_command("build")
