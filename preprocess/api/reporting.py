"""The report, as a program calls it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from preprocess.api.artifact import Artifact, ArtifactLike, given_rows, opened_artifact
from preprocess.api.input_data import Data, path_of
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.api.trained_model import ModelLike, opened_model
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import InputError, UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.core.progress_display import watched
from preprocess.report.report_file import check_report_file
from preprocess.trained_model.opened_model import OpenedModel

with lazy_imports():
    from beam_jobs.sources import verification_rows
    from preprocess.report import original_texts, report_writer

if TYPE_CHECKING:
    from beam_jobs.sources import Given


def write_report(
    artifact: ArtifactLike,
    model: ModelLike | None,
    output: str | os.PathLike[str],
    *,
    split: str | None = None,
    data: Data = None,
) -> None:
    """Writes what is known of an artifact, and of a model, as one HTML file that needs no other.

    Args:
      artifact: an `Artifact`, or the folder or URI of one.
      model: a `TrainedModel`, or the folder of one: adds learning curves, answers, texts and
        words; None: the artifact alone.
      output: the file; its folder is made, an older report is replaced. Equal artifacts, models
        and raw rows give equal bytes but for the date, which the environment variable
        SOURCE_DATE_EPOCH sets.
      split: whose records the model answers; default: `test`, else `validation`, else `train`,
        of those that have records.
      data: the raw rows, as for `preprocess.build`, for the original texts of a few records;
        default: what the artifact was built from, where it is still there.

    Raises:
      UsageError: the file cannot be written, there is no such split, or a split or data come
        without a model.
      InputError: `data` name files that are missing.
      ArtifactError: artifact or model is missing, damaged, or they do not belong together.
    """
    opened = opened_artifact(artifact)
    answering = None if model is None else opened_model(model)
    _check(opened, answering, split, data)
    path = check_report_file(path_of(output, "output"))
    if answering is None:  # which is shown without TensorFlow
        with watched("report") as watch:
            report_writer.write_report_of(opened, path, None, watch)
        return
    face = artifact if isinstance(artifact, Artifact) else Artifact(opened)
    with given_rows(face, data) as inputs:
        answered = report_writer.AnsweredBy(
            answering, split, lambda: _raw_rows(opened, inputs, is_asked=data is not None)
        )
        with quiet_libraries(), watched("report") as watch:
            report_writer.write_report_of(opened, path, answered, watch)


def _check(
    artifact: OpenedArtifact, model: OpenedModel | None, split: str | None, data: Data
) -> None:
    if model is not None:
        model.check_same(artifact)
    elif split is not None:
        raise UsageError(
            f"got the split {split!r} without a model, expected both or neither, as it names the "
            "records that the model answers; give a model or leave the split out"
        )
    elif data is not None:
        raise UsageError(
            "got rows without a model, expected both or neither, as their texts are shown beside "
            "its answers; give a model or leave the rows out"
        )
    if split is not None:
        artifact.check_split(split)


def _raw_rows(
    artifact: OpenedArtifact, inputs: Sequence[Given], is_asked: bool
) -> original_texts.RawRows:
    """The rows of the build; files that are gone are no mistake unless they were named."""
    try:
        return original_texts.RawRows(verification_rows.verification_source(artifact, inputs))
    except InputError as error:
        if is_asked:
            raise
        return original_texts.RawRows(missing=str(error))
