"""Runs a build that has been planned."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from beam_jobs.build.build_pipeline import assemble, assemble_training
from beam_jobs.build.build_plan import OWN_OPTIONS, BuildPlan, plan_build
from beam_jobs.job import Job
from beam_jobs.runtime.dofn_specs import remembered_specs
from beam_jobs.runtime.options import import_in_workers, is_local, parse_options, runner_of
from beam_jobs.runtime.worker_logs import without_explained_errors
from beam_jobs.subwords import copy_given, in_artifact, is_trained, log_undercut, read_given
from preprocess.artifact.advice import advice
from preprocess.artifact.layout import ARTIFACT, Layout
from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import from_worker
from preprocess.core.output import ClaimedFolder, claimed
from preprocess.core.progress import Progress
from preprocess.core.progress_display import shown
from preprocess.core.storage import as_local
from preprocess.graph.serving import op_libraries
from preprocess.spec.tokenizer_checks import check_tokenizers

logger = logging.getLogger(__name__)


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
    return run_build(plan_build(spec, inputs, output, schema, overwrite, beam_options))


def run_build(plan: BuildPlan) -> Manifest:
    """Builds what has been planned.

    Returns:
      The manifest that was written.

    Raises:
      UsageError, SpecError, ArtifactError: a tokenizer cannot be used, or the output folder, which
        may have changed since the plan was made.
      InputError: an input file is damaged, or has changed.
      RejectsError: too many bad rows.
      BooksError: the runner lost or doubled rows.
    """
    options = parse_options(plan.beam_options, OWN_OPTIONS)
    dictionaries = check_tokenizers(plan.spec)
    import_in_workers(options, op_libraries(plan.spec))
    given = read_given(plan.spec)
    with claimed(plan.output, ARTIFACT, overwrite=plan.overwrite) as folder:
        layout = Layout(folder.new, folder.scratch)
        spec = in_artifact(plan.spec, layout)
        copy_given(given, spec)
        with ExitStack() as stack:
            progress = _progress(stack, folder) if is_local(options) else None
            run(Job(spec, plan.files, plan.schema, layout, progress, dictionaries), options)
        folder.publish()
        artifact = OpenedArtifact.open(plan.output)
    log_undercut(artifact.manifest)
    for line in advice(artifact):
        logger.warning("%s", line)
    return artifact.manifest


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
        with remembered_specs(), without_explained_errors():
            put_together(pipeline, job)
            pipeline.run().wait_until_finish()
    finally:
        gc.unfreeze()
