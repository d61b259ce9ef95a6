"""The report, as a program calls it."""

from __future__ import annotations

import os
from contextlib import nullcontext

from preprocess.api.artifact import ArtifactLike, opened_artifact
from preprocess.api.input_data import path_of
from preprocess.api.quiet_libraries import quiet_libraries
from preprocess.api.trained_model import ModelLike, opened_model
from preprocess.report import write_report_of


def write_report(
    artifact: ArtifactLike,
    model: ModelLike | None,
    output: str | os.PathLike[str],
    *,
    split: str | None = None,
) -> None:
    """Writes what is known of an artifact, and of a model, as one HTML file that needs no other.

    Args:
      artifact: an `Artifact`, or the folder or URI of one.
      model: a `TrainedModel`, or the folder of one: adds learning curves, answers, texts and
        words; None: the artifact alone.
      output: the file; its folder is made, an older report is replaced. Equal artifacts and models
        give equal bytes.
      split: whose records the model answers; default: `test`, else `validation`, else `train`,
        of those that have records.

    Raises:
      UsageError: the file cannot be written, or there is no such split.
      ArtifactError: artifact or model is missing, damaged, or they do not belong together.
    """
    opened = None if model is None else opened_model(model)
    data = opened_artifact(artifact)
    # An artifact alone is shown without TensorFlow.
    with nullcontext() if opened is None else quiet_libraries():
        write_report_of(data, path_of(output, "output"), opened, split)
