"""ROC and calibration: those of scikit-learn, and of a hand computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from preprocess.report.answers.probability_curves import Calibration, roc_points

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from(np.linspace(0, 1, 7))), min_size=2)


@given(ROWS)
def test_roc_is_that_of_sklearn(rows: list[tuple[bool, float]]) -> None:
    truth, scores = (np.array(column) for column in zip(*rows, strict=True))
    points = roc_points(truth, scores)
    if truth.all() or not truth.any():
        assert points is None
        return
    assert points is not None
    x, y, _ = roc_curve(truth, scores, drop_intermediate=False)
    np.testing.assert_allclose(points, (x, y))


def test_a_long_curve_is_thinned_but_stays_the_same() -> None:
    random = np.random.default_rng(0)
    truth = random.random(20_000) < 0.3
    scores = truth * 0.5 + random.random(20_000)
    points = roc_points(truth, scores)
    assert points is not None and len(points[0]) == 200
    assert [(p[0], p[-1]) for p in points] == [(0, 1), (0, 1)]
    assert np.trapezoid(points[1], points[0]) == pytest.approx(
        roc_auc_score(truth, scores), abs=1e-3
    )
    scores[3] = np.nan
    assert roc_points(truth, scores) is None


def test_calibration_by_hand() -> None:
    truth = np.array([0, 1, 1, 1, 0, 1])
    found = Calibration.of(truth, np.array([0.02, 0.06, 0.95, 1.0, 0.5, np.nan]))
    np.testing.assert_allclose(found.claimed, [0.04, 0.5, 0.975])
    np.testing.assert_allclose(found.found, [0.5, 0, 1])
    assert found.records.tolist() == [2, 1, 2]
    assert found.error == pytest.approx((2 * 0.46 + 0.5 + 2 * 0.025) / 5)
    assert np.isnan(Calibration.of(truth[:0], np.array([])).error)
