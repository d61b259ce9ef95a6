"""What the report shows of the answers to each kind of label: one table, one row a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from preprocess.report.answers import class_answers, number_answers, set_answers
from preprocess.report.charts import answer_charts, curve_charts
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.page import Block, KeyFigure
from preprocess.report.prose import Text


@dataclass(frozen=True)
class AnswerKind:
    """How answers of one kind are shown; every function takes a model and the name of a label.

    Attributes:
      figure: one number for the top of the page.
      describe: how good the answers are, in words.
      charts: all answers, and curves of them, each with a caption.
      blocks: tables.
      answer: truth and answer of the row of a number, in few words.
      credit: how much of the truth each answer holds: float (rows,) or (rows, outputs).
      is_decided: whether each answer is right or wrong as a whole.
    """

    figure: Callable[[EvaluatedModel, str], KeyFigure]
    describe: Callable[[EvaluatedModel, str], Text]
    charts: tuple[Callable[[EvaluatedModel, str], answer_charts.Chart], ...]
    blocks: Callable[[EvaluatedModel, str], list[Block]]
    answer: Callable[[EvaluatedModel, str, int], Text]
    credit: Callable[[EvaluatedModel, str], NDArray[np.float32]]
    is_decided: bool


_CATEGORY = AnswerKind(
    figure=class_answers.class_figure,
    describe=class_answers.describe_classes,
    charts=(answer_charts.class_chart, curve_charts.category_curves),
    blocks=class_answers.class_blocks,
    answer=class_answers.class_answer,
    credit=class_answers.class_credit,
    is_decided=True,
)
_MULTILABEL = AnswerKind(
    figure=set_answers.set_figure,
    describe=set_answers.describe_sets,
    charts=(answer_charts.decision_chart, curve_charts.set_curves),
    blocks=set_answers.set_blocks,
    answer=set_answers.set_answer,
    credit=set_answers.set_credit,
    is_decided=False,
)
_NUMBER = AnswerKind(
    figure=number_answers.number_figure,
    describe=number_answers.describe_numbers,
    charts=(answer_charts.number_chart,),
    blocks=number_answers.number_blocks,
    answer=number_answers.number_answer,
    credit=number_answers.number_credit,
    is_decided=False,
)
_KINDS = {
    "binary": replace(_CATEGORY, charts=(answer_charts.decision_chart, curve_charts.binary_curves)),
    "category": _CATEGORY,
    "multilabel": _MULTILABEL,
    "number": _NUMBER,
}


def answer_kind(evaluated: EvaluatedModel, label: str) -> AnswerKind:
    """How the answers to a label are shown."""
    return _KINDS[evaluated.manifest.labels[label]]
