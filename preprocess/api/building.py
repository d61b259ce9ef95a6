"""The build, as a program calls it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from preprocess.api.artifact import Artifact
from preprocess.api.input_data import Data, columns_of, given_data, path_of
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.core.lazy import lazy_imports
from preprocess.spec import Spec, load_spec, spec_of

with lazy_imports():
    from beam_jobs import build as build_job
    from beam_jobs.runtime import known_options

Options: TypeAlias = Mapping[str, Any] | Sequence[str] | Any | None
"""Beam's options: a mapping, arguments as on the command line, or `PipelineOptions`."""


def build(
    spec: str | os.PathLike[str] | Mapping[str, Any] | Spec,
    data: Data,
    output: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    schema: str | os.PathLike[str] | None = None,
    options: Options = None,
) -> Artifact:
    """Builds an artifact: vocabularies, transform graph, TFRecords, serving.

    On this machine, with a thread for each core, unless `options` say otherwise. Progress goes to
    standard error, or below the cell of a notebook.

    Args:
      spec: path of a spec file (YAML or JSON), what it declares as a dict, or a `Spec`. Relative
        paths in a file start at its folder, others at the working directory.
      data: a glob, a list of globs, a table, or a dict with one of these for each split: `"rows/
        *.parquet"`, `{"train": frame, "test": "test.jsonl"}`. A table is a `pyarrow.Table`, a
        `pandas.DataFrame`, a `polars.DataFrame` (or whatever has Arrow's C interface) or a Hugging
        Face `Dataset`; it is written to a temporary file for as long as the build runs.
      output: folder of the artifact, or a URI: new, empty or ours.
      overwrite: replaces a finished artifact, which stays until its successor is whole.
      schema: path of a tf.Metadata schema (.pbtxt) that the raw columns must fit.
      options: Beam's: a mapping such as `{"direct_num_workers": 4}`, a list of strings as on the
        command line, or `PipelineOptions`.

    Returns:
      The artifact, opened.

    Raises:
      SpecError, UsageError, InputError: mistakes in what was given.
      RejectsError: more rows cannot be used than `rejects.max_fraction` allows.
      BooksError: the runner lost or doubled rows.
      SystemFailure: the operating system refuses something, such as space on a disk.
    """
    declared = _spec(spec)
    given = given_data(data, declared)
    arguments = _arguments(options)
    with given.stored(columns_of(declared)) as inputs:
        plan = build_job.plan_build(
            declared,
            inputs,
            path_of(output, "output"),
            None if schema is None else path_of(schema, "schema"),
            overwrite,
            arguments,
        )
        with quiet_libraries():
            build_job.run_build(plan)
    return Artifact.open(plan.output)._holding(given)


def _spec(spec: str | os.PathLike[str] | Mapping[str, Any] | Spec) -> Spec:
    if isinstance(spec, Spec):
        return spec
    return spec_of(spec) if isinstance(spec, Mapping) else load_spec(path_of(spec, "spec"))


def _arguments(options: Options) -> list[str]:
    """Beam's options as on its command line."""
    if options is None:
        return []
    if isinstance(options, Mapping):
        return known_options.as_arguments(options)
    if hasattr(options, "get_all_options"):
        return known_options.as_arguments(options.get_all_options(drop_default=True))
    if isinstance(options, str):
        return [options]
    return [str(option) for option in options]
