"""Gathers the sections and writes the page."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import UsageError
from preprocess.core.lazy import lazy_imports
from preprocess.core.progress import Watch
from preprocess.core.storage import write_file
from preprocess.report.artifact_data import ArtifactData
from preprocess.report.page import KeyFigure, Page, Section, render
from preprocess.report.prose import markup
from preprocess.report.report_file import unwritable_report
from preprocess.report.sections.labels_section import labels_section
from preprocess.report.sections.lengths_section import lengths_section
from preprocess.report.sections.overview_section import (
    corpus,
    headline,
    key_figures,
    overview_section,
    summary,
)
from preprocess.report.sections.rejected_section import rejected_section
from preprocess.report.sections.words_section import words_section
from preprocess.trained_model.opened_model import OpenedModel

_EPOCH_DIGITS = 11  # the year 5138

# What takes seconds to import, and only a report with a model needs.
with lazy_imports():
    from preprocess.report import evaluated_model, original_texts
    from preprocess.report.sections import (
        answers_section,
        neighbours_section,
        samples_section,
        training_section,
    )


@dataclass(frozen=True)
class AnsweredBy:
    """A model whose answers a report shows.

    Attributes:
      model: opened.
      split: whose records it answers; None: test, validation or train.
      rows: gives the raw rows of the artifact, or why there are none; called when they are needed.
    """

    model: OpenedModel
    split: str | None
    rows: Callable[[], original_texts.RawRows]


def write_report_of(
    artifact: OpenedArtifact, path: Path, answered: AnsweredBy | None, watch: Watch
) -> None:
    """Writes what is known of an artifact, and of a model; see `preprocess.write_report`.

    Raises:
      UsageError: the file cannot be written.
      ArtifactError: a part of artifact or model is missing or damaged, or they do not belong
        together.
    """
    date = _date()
    data = ArtifactData.read(artifact)
    more = _with_model(data, answered, watch) if answered else ([], [])
    page = _page(data, date, *more)
    try:
        write_file(str(path), [render(page).encode()])
    except OSError as error:
        raise unwritable_report(path, error) from error


def _with_model(
    data: ArtifactData, answered: AnsweredBy, watch: Watch
) -> tuple[list[KeyFigure], list[Section]]:
    evaluated = evaluated_model.EvaluatedModel.read(
        answered.model, data, answered.split, lambda rows: watch.add("answered", rows, 0)
    )
    rows = answered.rows()
    is_ours = evaluated.manifest.outcome is not None
    return answers_section.answer_figures(evaluated), [
        *([training_section.training_section(data, evaluated)] if is_ours else []),
        answers_section.answers_section(evaluated),
        samples_section.samples_section(
            data, evaluated, rows, lambda number: watch.add("read again", number, 0)
        ),
        neighbours_section.neighbours_section(data, evaluated),
    ]


def _page(data: ArtifactData, date: str, figures: list[KeyFigure], more: list[Section]) -> Page:
    sections = [
        overview_section(data),
        lengths_section(data),
        words_section(data),
        labels_section(data),
        rejected_section(data),
        *more,
    ]
    return Page(
        title=f"text2seq report: {Path(data.path).name}",
        date=date,
        corpus=corpus(data),
        headline=headline(data),
        summary=summary(data),
        figures=[*figures, *key_figures(data)],
        sections=sections,
        footer=markup("Made by text2seq {} of {}.", version("text2seq"), data.path),
    )


def _date() -> str:
    """The day, in UTC, on which the report is made, or what SOURCE_DATE_EPOCH says.

    See https://reproducible-builds.org/specs/source-date-epoch/.

    Raises:
      UsageError: that is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        day = datetime.now(UTC)
    elif given.isascii() and given.isdecimal() and len(given) <= _EPOCH_DIGITS:
        day = datetime.fromtimestamp(int(given), UTC)
    else:
        raise UsageError(
            f"got SOURCE_DATE_EPOCH {given!r}, expected seconds since 1970; change or unset it"
        )
    return f"{day.day} {day:%B %Y}"
