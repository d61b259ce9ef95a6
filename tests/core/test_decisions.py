"""One threshold and one choice decide in evaluation, prediction and reports."""

from __future__ import annotations

import numpy as np

from preprocess.core.decisions import chosen_classes, is_yes
from preprocess.evaluation.metrics import measure

PROBABILITIES = np.array([0.0, 0.4, 0.5, np.nextafter(np.float32(0.5), np.float32(1)), 0.6, 1.0])
YES = [False, False, False, True, True, True]


def test_a_probability_above_one_half_is_a_yes():
    assert is_yes(PROBABILITIES.astype(np.float32)).tolist() == YES
    assert is_yes(np.array([[0.2, 0.7], [np.nan, 0.5]])).tolist() == [[False, True], [False, False]]


def test_the_class_of_binary_and_category_answers():
    assert chosen_classes(PROBABILITIES.astype(np.float32)).tolist() == [int(yes) for yes in YES]
    answers = np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7]])
    assert chosen_classes(answers).tolist() == [1, 0, 2]


def test_measures_decide_by_the_same_rule():
    answers = PROBABILITIES.astype(np.float32)
    truth = np.array(YES, np.int64)
    assert measure("binary", truth, answers)["accuracy"] == 1.0
    assert measure("binary", truth, answers)["confusion"] == [[3, 0], [0, 3]]
    found = measure("multilabel", truth[:, None], answers[:, None], ["a"])
    assert found["exact_match"] == 1.0
