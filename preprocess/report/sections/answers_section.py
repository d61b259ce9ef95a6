"""How good the answers are, label by label."""

from __future__ import annotations

from typing import Any

from preprocess.report.charts.answer_charts import answer_chart
from preprocess.report.class_answers import class_blocks, describe_classes
from preprocess.report.evaluated_model import EvaluatedModel
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
from preprocess.report.prose import NONE, Text, code, markup, number, percent, plural
from preprocess.report.sections.number_answers import describe_numbers, output_table

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


def answers_section(evaluated: EvaluatedModel) -> Section:
    """The section on answers: a part for each label."""
    total = next(iter(evaluated.measures.values()))["examples"]
    template = "The model answered all {} of {}, {}."
    text = markup(template, plural(total, "record"), code(evaluated.split), _novelty(evaluated))
    blocks: list[Block] = [Paragraph(text)]
    for label, kind in evaluated.manifest.labels.items():
        blocks.append(Heading(markup("{} <small>({})</small>", code(label), kind)))
        blocks += _label(evaluated, label, kind)
    return Section("answers", "Answers", blocks)


def _novelty(evaluated: EvaluatedModel) -> str:
    """How far the answers hold for texts to come."""
    if evaluated.split == "train":
        return "which it was trained on, so that new texts will be answered less well"
    if evaluated.split == "validation" and evaluated.manifest.outcome.monitor.startswith("val_"):
        return "which chose the epoch, so that new texts may be answered a little less well"
    return "which it has not been trained on"


def answer_figures(evaluated: EvaluatedModel) -> list[KeyFigure]:
    """One number for each label, for the top of the page."""
    return [_figure(evaluated, label, m) for label, m in evaluated.measures.items()]


def _figure(evaluated: EvaluatedModel, label: str, measures: dict[str, Any]) -> KeyFigure:
    if evaluated.manifest.labels[label] == "number":
        note = f"mean error on {evaluated.split}"
        return KeyFigure(number(measures["mae"]), f"error of {label}", note)
    note = f"of {evaluated.split}"
    if "majority" in measures:
        note += f"; the most frequent class alone: {percent(measures['majority'])}"
    return KeyFigure(percent(measures["accuracy"]), f"right on {label}", note)


def _label(evaluated: EvaluatedModel, label: str, kind: str) -> list[Block]:
    measures = evaluated.measures[label]
    describe = describe_numbers if kind == "number" else describe_classes
    blocks: list[Block] = [
        Paragraph(describe(evaluated, label)),
        Figure(*answer_chart(evaluated, label)),
        _metrics(measures, label),
    ]
    if kind != "number":
        return blocks + class_blocks(evaluated, label)
    return blocks + ([output_table(measures["by_output"])] if "by_output" in measures else [])


def _metrics(measures: dict[str, Any], label: str) -> Table:
    """Every measure that is one number, those without a known meaning too."""
    single = {k: v for k, v in measures.items() if v is None or isinstance(v, int | float)}
    names = [key for key in _MEANINGS if key in single]
    names += [key for key in single if key not in _MEANINGS]
    rows: list[list[Text | Cell]] = [
        [
            Cell(key.replace("_", " "), is_header=True),
            _value(key, single[key]),
            _MEANINGS.get(key, ""),
        ]
        for key in names
    ]
    return Table(markup("How well {} is answered.", code(label)), ["measure", ">value", ""], rows)


def _value(key: str, value: float | None) -> str:
    if value is None:
        return NONE
    if key in _FRACTIONS:
        return percent(value)
    return f"{value:,}" if isinstance(value, int) else number(value)
