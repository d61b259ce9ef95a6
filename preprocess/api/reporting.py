"""The report, as a program calls it."""

from __future__ import annotations

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.report import write_report_of
from preprocess.trained_model.opened_model import OpenedModel


def write_report(
    artifact: str, output: str, model: str | None = None, split: str | None = None
) -> None:
    """Writes what is known of an artifact, and of a model, as one HTML file that needs no other.

    Args:
      artifact: folder or URI that `text2seq build` made.
      output: the file; its folder is made, an older file is replaced. Equal artifacts and models
        give equal bytes.
      model: folder that `text2seq train` made: adds learning curves, answers, texts and words.
      split: whose records the model answers; default: `test`, else `validation`, else `train`,
        of those that have records.

    Raises:
      UsageError: the file cannot be written, or there is no such split.
      ArtifactError: artifact or model is missing, damaged, or they do not belong together.
    """
    opened = OpenedModel.open(model) if model is not None else None
    write_report_of(OpenedArtifact.open(artifact), output, opened, split)
