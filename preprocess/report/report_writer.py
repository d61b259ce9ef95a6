"""Gathers the sections and writes the page."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import UsageError, reason_of
from preprocess.core.lazy import lazy_imports
from preprocess.core.storage import as_local, write_file
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.page import KeyFigure, Page, Section, render
from preprocess.report.prose import markup
from preprocess.report.sections.labels_section import labels_section
from preprocess.report.sections.lengths_section import lengths_section
from preprocess.report.sections.overview_section import (
    headline,
    key_figures,
    overview_section,
    summary,
)
from preprocess.report.sections.rejected_section import rejected_section
from preprocess.report.sections.words_section import words_section
from preprocess.trained_model.opened_model import OpenedModel

# How a report is known as one.
_GENERATOR = b'<meta name="generator" content="text2seq report">'
_HEAD_BYTES = 4096

# What takes seconds to import, and only a report with a model needs.
with lazy_imports():
    from preprocess.report import evaluated_model
    from preprocess.report.sections import (
        answers_section,
        neighbours_section,
        samples_section,
        training_section,
    )


def write_report_of(
    artifact: OpenedArtifact, output: str, model: OpenedModel | None, split: str | None
) -> None:
    """Writes what is known of an artifact, and of a model; see `preprocess.write_report`.

    Raises:
      UsageError: the file cannot be written, or there is no such split.
      ArtifactError: a part of artifact or model is missing or damaged, or they do not belong
        together.
    """
    path = _local(output)
    _check_writable(path)
    data = ArtifactData.read(artifact)
    _check_split(data, model, split)
    page = _page(data, *(_with_model(data, model, split) if model is not None else ([], [])))
    try:
        write_file(str(path), [render(page).encode()])
    except OSError as error:
        raise _unwritable(path, error) from error


def _check_writable(path: Path) -> None:
    """Makes the folder, before any work is done."""
    if path.is_dir():
        raise UsageError(f"{path}: got a folder, expected a file such as {path}/report.html")
    if path.exists() and not _is_report(path):
        raise UsageError(
            f"{path}: got a file that is no report of text2seq, expected a new one or an older "
            "report; choose another output"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _local(output: str) -> Path:
    local = as_local(output)
    if local is None:
        raise UsageError(f"{output}: got a URI, expected a local file; choose another output")
    return Path(local)


def _is_report(path: Path) -> bool:
    """Whether a file, which is then replaced, is an older report."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _GENERATOR in file.read(_HEAD_BYTES)


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path}: cannot be written ({reason_of(error)}); give an output in a folder that "
        "can be written"
    )


def _check_split(data: ArtifactData, model: OpenedModel | None, split: str | None) -> None:
    if split is None:
        return
    if model is None:
        raise UsageError(
            f"got the split {split!r} without a model, expected both or neither, as it names the "
            "records that the model answers; give a model or leave the split out"
        )
    data.artifact.check_split(split)


def _with_model(
    data: ArtifactData, model: OpenedModel, split: str | None
) -> tuple[list[KeyFigure], list[Section]]:
    evaluated = evaluated_model.EvaluatedModel.read(model, data, split)
    is_ours = evaluated.manifest.outcome is not None
    return answers_section.answer_figures(evaluated), [
        *([training_section.training_section(data, evaluated)] if is_ours else []),
        answers_section.answers_section(evaluated),
        samples_section.samples_section(data, evaluated),
        neighbours_section.neighbours_section(data, evaluated),
    ]


def _page(data: ArtifactData, figures: list[KeyFigure], more: list[Section]) -> Page:
    sections = [
        overview_section(data),
        lengths_section(data),
        words_section(data),
        labels_section(data),
        rejected_section(data),
        *more,
    ]
    return Page(
        title=f"text2seq report: {data.path}",
        headline=headline(data),
        summary=summary(data),
        figures=[*figures, *key_figures(data)],
        sections=sections,
        footer=markup("Made by text2seq {} of {}.", version("text2seq"), data.path),
    )
