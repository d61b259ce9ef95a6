"""What a build is going to do, checked as far as it can be without Beam and TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beam_jobs.runtime.known_options import check_options
from beam_jobs.sources.input_split import SourceFile
from beam_jobs.sources.inputs import Given, expand, parse_inputs
from preprocess.artifact.layout import ARTIFACT
from preprocess.core.lazy import lazy_imports
from preprocess.core.output import check_output
from preprocess.spec import Spec, load_spec
from preprocess.spec.tokenizer_checks import check_tokenizer_files

with lazy_imports():
    from tensorflow_metadata.proto.v0 import schema_pb2

    from beam_jobs.sources import preflight
    from beam_jobs.sources.columns import raw_schema

OWN_OPTIONS = ("--spec", "--input", "--output", "--schema", "--overwrite", "--help")
"""The options of the command, beside Beam's."""


@dataclass(frozen=True)
class BuildPlan:
    """What a build reads and writes.

    Attributes:
      spec: what to do.
      files: the raw files.
      schema: tf.Metadata schema of their columns.
      output: folder of the artifact.
      overwrite: whether an artifact that is already there may be replaced.
      beam_options: Beam's own options, as on its command line.
    """

    spec: Spec
    files: Sequence[SourceFile]
    schema: schema_pb2.Schema
    output: str
    overwrite: bool
    beam_options: Sequence[str]


def plan_build(
    spec: str | Spec,
    inputs: Sequence[Given],
    output: str,
    schema: str | None = None,
    overwrite: bool = False,
    beam_options: Sequence[str] = (),
) -> BuildPlan:
    """Checks what was asked of a build, in about a second.

    Args:
      spec: path of the spec file, or what it declares.
      inputs: `[SPLIT=]GLOB`, as `--input`, split and pattern apart, or tables.
      output: folder of the artifact.
      schema: path of a tf.Metadata schema (.pbtxt) that the raw columns must fit.
      overwrite: whether an artifact that is already there may be replaced.
      beam_options: Beam's own options, as on its command line.

    Raises:
      SpecError, UsageError, InputError: the user's mistakes.
    """
    check_options(beam_options, OWN_OPTIONS)
    declared = load_spec(spec) if isinstance(spec, str) else spec
    check_output(output, ARTIFACT, overwrite=overwrite)
    check_tokenizer_files(declared)
    files = expand(parse_inputs(inputs), declared)
    wanted = raw_schema.load_schema(schema) if schema is not None else None
    found = preflight.check_inputs(files, declared, wanted)
    return BuildPlan(declared, files, found, output, overwrite, beam_options)
