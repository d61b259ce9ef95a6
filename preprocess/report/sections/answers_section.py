"""How good the answers are, label by label."""

from __future__ import annotations

from typing import Any

from preprocess.report.answers.answer_kinds import answer_kind
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

_MEANINGS = {
    "accuracy": "answers that are right",
    "majority": "right if the most frequent class were always answered",
    "exact_match": "records with every decision right",
    "auc": "chance that a record of a class scores higher for it than another; 50 % is guessing",
    "f1_macro": "mean over the classes of F1, the harmonic mean of precision and recall",
    "mae": "mean distance between answer and truth",
    "rmse": "root of the mean squared distance, which large errors dominate",
    "correlation": "between answer and truth; 1 is perfect, 0 is none",
    "loss": "as in training, without weights of classes or labels; a number's in its deviations",
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
        blocks += _label(evaluated, label)
    return Section("answers", "Answers", blocks)


def _novelty(evaluated: EvaluatedModel) -> str:
    """How far the answers hold for texts to come."""
    if evaluated.split == "train":
        return "which it was trained on, so that new texts will be answered less well"
    if evaluated.manifest.outcome is None:
        return "which it may have been trained on"
    if evaluated.split == "validation" and evaluated.outcome.monitor.startswith("val_"):
        return "which chose the epoch, so that new texts may be answered a little less well"
    return "which it has not been trained on"


def answer_figures(evaluated: EvaluatedModel) -> list[KeyFigure]:
    """One number for each label, for the top of the page."""
    return [answer_kind(evaluated, label).figure(evaluated, label) for label in evaluated.measures]


def _label(evaluated: EvaluatedModel, label: str) -> list[Block]:
    kind = answer_kind(evaluated, label)
    return [
        Paragraph(kind.describe(evaluated, label)),
        *(Figure(*draw(evaluated, label)) for draw in kind.charts),
        _metrics(evaluated.measures[label], label),
        *kind.blocks(evaluated, label),
    ]


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
