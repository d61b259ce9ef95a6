"""How good the answers are, label by label."""

from __future__ import annotations

from typing import Any

from preprocess.report.charts.answer_charts import answer_chart
from preprocess.report.class_answers import class_blocks, said_of_classes
from preprocess.report.model_answers import Trained
from preprocess.report.page import (
    Block,
    Cell,
    Figure,
    Heading,
    KeyFigure,
    Paragraph,
    Section,
    Table,
)
from preprocess.report.prose import NONE, Text, code, number, percent, plural, say
from preprocess.report.sections.number_answers import output_table, said_of_numbers

_MEANINGS = {
    "accuracy": "answers that are right",
    "majority": "right if the most frequent class were always answered",
    "exact_match": "records with every decision right",
    "auc": "chance that a record of a class scores higher for it than another; 50 % is guessing",
    "f1_macro": "mean over the classes of F1, the harmonic mean of precision and recall",
    "mae": "mean distance between answer and truth",
    "rmse": "root of the mean squared distance, which large errors dominate",
    "correlation": "between answer and truth; 1 is perfect, 0 is none",
    "loss": "as in training, without weights of classes or labels",
    "examples": "records answered",
}
_FRACTIONS = ("accuracy", "majority", "exact_match", "auc")


def answers_section(trained: Trained) -> Section:
    """A part for each label."""
    total = next(iter(trained.measures.values()))["examples"]
    said = "The model answered all {} of {}, {}."
    told = say(said, plural(total, "record"), code(trained.split), _novelty(trained))
    blocks: list[Block] = [Paragraph(told)]
    for label, kind in trained.manifest.labels.items():
        blocks.append(Heading(say("{} <small>({})</small>", code(label), kind)))
        blocks += _label(trained, label, kind)
    return Section("answers", "Answers", blocks)


def _novelty(trained: Trained) -> str:
    """How far the answers tell of texts to come."""
    if trained.split == "train":
        return "which it was trained on, so that new texts will be answered less well"
    if trained.split == "validation" and trained.manifest.outcome.monitor.startswith("val_"):
        return "which chose the epoch, so that new texts may be answered a little less well"
    return "which it has not been trained on"


def answer_figures(trained: Trained) -> list[KeyFigure]:
    """One number for each label, for the top of the page."""
    return [_figure(trained, label, m) for label, m in trained.measures.items()]


def _figure(trained: Trained, label: str, measures: dict[str, Any]) -> KeyFigure:
    if trained.manifest.labels[label] == "number":
        note = f"mean error on {trained.split}"
        return KeyFigure(number(measures["mae"]), f"error of {label}", note)
    note = f"of {trained.split}"
    if "majority" in measures:
        note += f"; the most frequent class alone: {percent(measures['majority'])}"
    return KeyFigure(percent(measures["accuracy"]), f"right on {label}", note)


def _label(trained: Trained, label: str, kind: str) -> list[Block]:
    measures = trained.measures[label]
    said = said_of_numbers if kind == "number" else said_of_classes
    blocks: list[Block] = [
        Paragraph(said(trained, label)),
        Figure(*answer_chart(trained, label)),
        _metrics(measures, label),
    ]
    if kind != "number":
        return blocks + class_blocks(trained, label)
    return blocks + ([output_table(measures["by_output"])] if "by_output" in measures else [])


def _metrics(measures: dict[str, Any], label: str) -> Table:
    """Every measure that is one number, those without a known meaning too."""
    single = {k: v for k, v in measures.items() if v is None or isinstance(v, int | float)}
    names = [key for key in _MEANINGS if key in single]
    names += [key for key in single if key not in _MEANINGS]
    rows: list[list[Text | Cell]] = [
        [Cell(key.replace("_", " "), head=True), _value(key, single[key]), _MEANINGS.get(key, "")]
        for key in names
    ]
    return Table(say("How well {} is answered.", code(label)), ["measure", ">value", ""], rows)


def _value(key: str, value: float | None) -> str:
    if value is None:
        return NONE
    if key in _FRACTIONS:
        return percent(value)
    return f"{value:,}" if isinstance(value, int) else number(value)
