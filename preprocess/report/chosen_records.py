"""Which records are worth reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from preprocess.report.answers.answer_kinds import answer_kind
from preprocess.report.answers.class_answers import is_right, probabilities
from preprocess.report.evaluated_model import EvaluatedModel

_MOST_LABELS = 3


@dataclass(frozen=True)
class ChosenRecord:
    """A record, and why it was chosen.

    Attributes:
      row: number in the order of the predictions.
      why: for its title.
      label: the label that it was chosen for.
      good: whether that one is answered rightly; None where answers are neither.
    """

    row: int
    why: str
    label: str
    good: bool | None


def choose_records(evaluated: EvaluatedModel) -> list[ChosenRecord]:
    """Records with the surest right answers, the surest wrong ones, and the least decided one.

    Each at most once; the same for the same answers.
    """
    labels = list(evaluated.manifest.labels)[:_MOST_LABELS]
    rights, wrongs = (2, 3) if len(labels) == 1 else (1, 2)
    chosen: list[ChosenRecord] = []
    for label in labels:
        for why, order, number in _orders(evaluated, label, rights, wrongs):
            taken = {choice.row for choice in chosen}
            rows = list(islice((int(row) for row in order if row not in taken), number))
            chosen += [ChosenRecord(row, why, label, _good(evaluated, label, row)) for row in rows]
    return chosen


def _orders(
    evaluated: EvaluatedModel, label: str, rights: int, wrongs: int
) -> Iterator[tuple[str, NDArray[np.int64], int]]:
    """Reasons, rows with the most fitting first, and how many are wanted."""
    best = np.argsort(-_credit(evaluated, label), kind="stable")
    worst = best[::-1]
    if not answer_kind(evaluated, label).is_decided:
        yield "Closest to the truth", best, rights
        yield "Furthest from the truth", worst, wrongs
        return
    right = is_right(evaluated, label)
    yield "The surest right answers", best[right[best]], rights
    yield "The surest wrong answers", worst[~right[worst]], wrongs
    yield "The least decided answer", _undecided(evaluated, label), 1


def _good(evaluated: EvaluatedModel, label: str, row: int) -> bool | None:
    if not answer_kind(evaluated, label).is_decided:
        return None
    return bool(is_right(evaluated, label)[row])


def _credit(evaluated: EvaluatedModel, label: str) -> NDArray[np.float64]:
    """How much of the truth the answer holds: float64 (rows,), the more the better, NaN least."""
    credit = answer_kind(evaluated, label).credit(evaluated, label).astype(np.float64)
    credit = credit.mean(axis=1) if credit.ndim == 2 else credit
    return np.nan_to_num(credit, nan=-np.inf)


def _undecided(evaluated: EvaluatedModel, label: str) -> NDArray[np.int64]:
    """Rows in the order of how close their two likeliest classes are."""
    ordered = np.sort(probabilities(evaluated, label), axis=1)
    gaps = ordered[:, -1] - ordered[:, -2] if ordered.shape[1] > 1 else ordered[:, -1]
    return np.argsort(np.nan_to_num(gaps, nan=np.inf), kind="stable")
