"""The parts of a report that only compute: numbers in words, counts, choices."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup
from numpy.typing import NDArray

from preprocess.evaluation.record_predictions import Predictions
from preprocess.model_file import ModelFile
from preprocess.report.answers.class_answers import describe_classes
from preprocess.report.answers.number_answers import describe_numbers
from preprocess.report.answers.set_answers import describe_sets
from preprocess.report.charts.svg import chart
from preprocess.report.chosen_records import choose_records
from preprocess.report.evaluated_model import EvaluatedModel
from preprocess.report.prose import (
    fixed,
    join,
    listing,
    markup,
    name,
    number,
    percent,
    plural,
    word,
)
from preprocess.report.sections.neighbours_section import _chance
from preprocess.report.vocabulary_counts import VocabularyCounts
from preprocess.spec import BinaryLabel, CategoryLabel, MultilabelLabel, NumberLabel


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0 %"),
        (0.00005, "0.005 %"),
        (0.0005, "0.050 %"),
        (0.005, "0.50 %"),
        (0.1234, "12.3 %"),
        (0.9987, "99.87 %"),
        (0.99999, "99.999 %"),
        (1, "100.0 %"),
    ],
)
def test_percent(fraction: float | None, expected: str) -> None:
    assert percent(fraction) == expected.replace(" ", "\u00a0")


def test_numbers_and_names() -> None:
    assert [number(n) for n in (0.12345, 12.3, 12345.6, None)] == ["0.123", "12.3", "12,346", "–"]
    assert [fixed(0.5), fixed(float("inf"))] == ["0.500", "inf"]
    assert [plural(1, "text"), plural(1234, "text")] == ["1 text", "1,234 texts"]
    assert [listing(list("abc")), listing(["a"]), listing([])] == ["a, b and c", "a", ""]
    assert join(["A.", None, "", "B."]) == "A. B."
    assert [name("\ta"), name("")] == [r"<bdi>\ta</bdi>", "<bdi>(empty)</bdi>"]


def test_markup_is_escaped_once() -> None:
    assert word("<b> &") == Markup('<bdi class="word">&lt;b&gt;␣&amp;</bdi>')
    assert markup("<i>{}</i>", markup("<b>{}</b>", "<")) == "<i><b>&lt;</b></i>"


def _counts(values: list[int], tokens: int) -> VocabularyCounts:
    return VocabularyCounts(
        [f"w{n}" for n in range(len(values))], np.array(values, np.int64), 2, tokens
    )


def test_coverage() -> None:
    counts = _counts([50, 30, 10], 100)
    assert [counts.covered(n) for n in (1, 2, None)] == pytest.approx([0.5, 0.8, 0.9])
    assert [counts.needed(f) for f in (0.5, 0.51, 0.8, 0.9, 0.95)] == [1, 2, 2, 3, None]
    assert counts.slope is None  # three ranks tell nothing


def test_the_slope_of_zipf_is_minus_one() -> None:
    counts = _counts([10**9 // rank for rank in range(1, 3001)], 10**10)
    assert counts.slope == pytest.approx(-1, abs=0.001)


def test_chance_of_random_vectors() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(2000, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T - 2 * np.eye(2000)
    assert _chance(2000, 16) == pytest.approx(cosines.max(axis=1).mean(), abs=0.02)
    assert _chance(2, 16) is _chance(2000, 1) is None


LABELS = {
    label.kind: label
    for label in (BinaryLabel(), CategoryLabel(), MultilabelLabel(), NumberLabel())
}


def _answered(
    kind: str, truth: Any, answers: Any, classes: list[str] | None = None
) -> EvaluatedModel:
    label = LABELS[kind]
    manifest: Any = SimpleNamespace(
        labels={"y": kind},
        classes={"y": classes} if classes else {},
        class_names=lambda _: label.names(classes or ()),
        outcome=None,
        scales={},
        loss=lambda _: ModelFile().loss("y", label),
        spec=SimpleNamespace(labels={"y": label}),
    )
    model: Any = SimpleNamespace(manifest=manifest, classes=lambda name: label.names(classes or ()))
    found = Predictions({"y": np.array(truth)}, {"y": np.array(answers, np.float32)})
    return EvaluatedModel(model, {}, "test", found)


def test_choices() -> None:
    evaluated = _answered("binary", [1, 0, 1, 0, 1, 0, 0], [0.9, 0.1, 0.2, 0.8, 0.51, 0.05, 0.3])
    chosen = [(c.why, c.row, c.good) for c in choose_records(evaluated)]
    assert chosen == [
        ("The surest right answers", 5, True),
        ("The surest right answers", 0, True),
        ("The surest wrong answers", 3, False),
        ("The surest wrong answers", 2, False),
        ("The least decided answer", 4, True),
    ]


def test_choices_are_made_once_of_few_records() -> None:
    assert [c.row for c in choose_records(_answered("binary", [1], [0.9]))] == [0]
    assert [c.row for c in choose_records(_answered("number", [1.0, 2.0], [1.0, 5.0]))] == [0, 1]


def test_answers_that_are_no_numbers() -> None:
    nan = float("nan")
    assert "training failed" in describe_classes(_answered("binary", [1, 0], [nan, 0.2]), "y")
    assert "training failed" in describe_numbers(_answered("number", [1.0, 0.0], [nan, 1.0]), "y")
    assert (
        choose_records(_answered("category", [0, 1], [[nan, nan], [0.1, 0.9]], ["a", "b"]))[0].row
        == 1
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            [0.9, 0.9, 0.1, 0.1],
            "class, the model avoids 100.0\u00a0%. There is no mistake.",
        ),
        ([0.1, 0.9, 0.9, 0.1], "no better than chance allows"),
        ([0.9, 0.9, 0.9, 0.1], "to answer 1 for 0: 1 time, 50.0\u00a0% of these records"),
        ([0.99, 0.99, 0.99, 0.01], "overconfident"),
        ([0.6, 0.6, 0.4, 0.4], "too modest"),
    ],
)
def test_classes_are_judged(answers: list[float], expected: str) -> None:
    said = describe_classes(_answered("binary", [1, 1, 0, 0], answers), "y")
    assert expected in said.replace("<bdi>", "").replace("</bdi>", "")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            [0.0, 1.0, 2.0, 3.0],
            "off by <b>0</b>; always answering the median would be off by 1, 100.0",
        ),
        ([3.0, 2.0, 1.0, 0.0], "has not learnt this label. The answers run against the truth"),
        ([1.0, 1.0, 1.0, 1.0], "one of the two never changes"),
    ],
)
def test_numbers_are_judged(answers: list[float], expected: str) -> None:
    truth: NDArray[np.float32] = np.array([0, 1, 2, 3], np.float32)
    assert expected in describe_numbers(_answered("number", truth, answers), "y")


def test_sets_are_judged() -> None:
    truth = [[1, 0], [0, 0]]
    good, bad = [[0.9, 0.1], [0.2, 0.3]], [[0.9, 0.9], [0.9, 0.9]]
    said = [describe_sets(_answered("multilabel", truth, a, ["a", "b"]), "y") for a in (good, bad)]
    assert "100.0\u00a0% of the 2 records have every decision right" in said[0]
    assert "75.0\u00a0% by always saying no, so the model has not learnt this label" in said[1]


def test_charts_are_reported_apart() -> None:
    def draw(figure: Any) -> None:
        figure.subplots().plot([0, 1], [0, 1])

    first, second = (chart(id, 'a "b" <c>', 1.0, draw) for id in ("one", "two"))
    assert 'aria-label="a &#34;b&#34; &lt;c&gt;"' in first
    assert first != second
    assert first == chart("one", 'a "b" <c>', 1.0, draw)
    assert "url(#one-" in first
