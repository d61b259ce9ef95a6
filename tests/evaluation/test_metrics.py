"""Measures: goldens computed by hand, scikit-learn and Keras as oracles, and what is undefined."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest

from preprocess.evaluation.metrics import measure

THREE = ["a", "b", "c"]


def floats(*values: Any) -> np.ndarray:
    return np.array(values, np.float32)


def test_binary_golden() -> None:
    truth, answers = np.array([0, 0, 0, 1, 1]), floats(0.1, 0.5, 0.8, 0.9, 0.6)
    logarithms = np.log([0.9, 0.5, 0.2, 0.9, 0.6])
    assert measure("binary", truth, answers) == {
        "examples": 5,
        "loss": pytest.approx(-logarithms.mean(), rel=1e-6),
        "accuracy": 0.8,  # 0.5 is no yes
        "majority": 0.6,
        "auc": pytest.approx(5 / 6),  # of 6 pairs only (0.8, 0.6) is the wrong way round
        "f1": {"0": pytest.approx(4 / 5), "1": pytest.approx(4 / 5)},
        "confusion": [[2, 1], [0, 2]],
    }


def test_category_golden() -> None:
    truth = np.array([0, 0, 1, 1])
    answers = floats([0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.3, 0.5, 0.2])
    assert measure("category", truth, answers, THREE) == {
        "examples": 4,
        "loss": pytest.approx(-np.log([0.6, 0.2, 0.8, 0.5]).mean(), rel=1e-6),
        "accuracy": 0.75,
        "majority": 0.5,
        "auc": pytest.approx((3 / 4 + 3 / 4) / 2),
        "f1": {"a": pytest.approx(2 / 3), "b": pytest.approx(4 / 5), "c": None},
        "f1_macro": pytest.approx((2 / 3 + 4 / 5) / 2),
        "confusion": [[1, 1, 0], [0, 2, 0], [0, 0, 0]],
    }


def test_multilabel_golden() -> None:
    truth = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0]])
    answers = floats([0.9, 0.2, 0.1], [0.4, 0.3, 0.1], [0.6, 0.7, 0.1])
    rights = [0.9, 0.8, 0.9, 0.6, 0.3, 0.9, 0.6, 0.7, 0.9]
    assert measure("multilabel", truth, answers, THREE) == {
        "examples": 3,
        "loss": pytest.approx(-np.log(rights).mean(), rel=1e-6),
        "accuracy": pytest.approx(8 / 9),
        "exact_match": pytest.approx(2 / 3),
        "auc": 1.0,
        "f1": {"a": 1.0, "b": pytest.approx(2 / 3), "c": None},
        "f1_macro": pytest.approx(5 / 6),
    }


LOSSES = {"mse": (0 + 0.25 + 4 + 1) / 4, "mae": (0.5 + 2 + 1) / 4, "huber": (0.125 + 1.5 + 0.5) / 4}


@pytest.mark.parametrize("loss", LOSSES)
def test_number_golden(loss: str) -> None:
    truth, answers = floats(1, 2, 3, 4), floats(1, 2.5, 5, 3)
    assert measure("number", truth, answers, loss=loss) == {
        "examples": 4,
        "loss": pytest.approx(LOSSES[loss]),
        "mae": pytest.approx(0.875),
        "rmse": pytest.approx(np.sqrt(5.25 / 4)),
        "correlation": pytest.approx(4.25 / np.sqrt(5 * 8.1875)),
    }


def test_vector_golden() -> None:
    truth, answers = floats([0, 1], [2, 1], [4, 1]), floats([1, 1], [2, 3], [3, 1])
    roots = np.sqrt([2 / 3, 4 / 3])
    assert measure("number", truth, answers) == {
        "examples": 3,
        "loss": pytest.approx((2 / 3 + 4 / 3) / 2),
        "mae": pytest.approx(2 / 3),
        "rmse": pytest.approx(roots.mean()),
        "correlation": pytest.approx(1.0),  # of the first output: the other's truth is constant
        "by_output": [
            pytest.approx({"mae": 2 / 3, "rmse": roots[0], "correlation": 1.0}),
            {
                "mae": pytest.approx(2 / 3),
                "rmse": pytest.approx(roots[1]),
                "correlation": None,
            },
        ],
    }


def test_a_vector_of_one() -> None:
    one = measure("number", floats(1, 2, 4), floats(1, 3, 3))
    vector = measure("number", floats([1], [2], [4]), floats([1], [3], [3]))
    rates = {key: one[key] for key in ("mae", "rmse", "correlation")}
    assert vector == one | {"by_output": [rates]}


def random_case(kind: str, seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and answers that are right more often than not."""
    random = np.random.default_rng(seed)
    if kind == "category":
        truth = random.choice(4, rows, p=[0.5, 0.3, 0.2, 0.0])
        scores = random.normal(size=(rows, 4)) + 1.5 * np.eye(4)[truth]
        return truth, (np.exp(scores) / np.exp(scores).sum(1, keepdims=True)).astype(np.float32)
    shape = (rows, 3) if kind in ("multilabel", "vector") else (rows,)
    if kind in ("number", "vector"):
        truth = random.normal(size=shape).astype(np.float32)
        return truth, (truth + random.normal(size=shape)).astype(np.float32)
    truth = (random.random(shape) < 0.3).astype(np.int64)
    logits = random.normal(size=shape) + 2 * truth - 1
    return truth, (1 / (1 + np.exp(-logits))).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_binary_as_sklearn(seed: int) -> None:
    from sklearn import metrics as oracle

    truth, answers = random_case("binary", seed)
    found, answered = measure("binary", truth, answers), answers > 0.5
    assert found["accuracy"] == pytest.approx(oracle.accuracy_score(truth, answered))
    assert found["auc"] == pytest.approx(oracle.roc_auc_score(truth, answers))
    assert found["loss"] == pytest.approx(oracle.log_loss(truth, answers.astype(float)))
    assert found["confusion"] == oracle.confusion_matrix(truth, answered).tolist()
    f1 = oracle.f1_score(truth, answered, average=None)
    assert list(found["f1"].values()) == pytest.approx(f1.tolist())


@pytest.mark.parametrize("seed", range(3))
def test_category_as_sklearn(seed: int) -> None:
    from sklearn import metrics as oracle

    truth, answers = random_case("category", seed)
    found, answered = measure("category", truth, answers, "wxyz"), answers.argmax(1)
    assert found["accuracy"] == pytest.approx(oracle.accuracy_score(truth, answered))
    assert found["majority"] == pytest.approx(np.mean(truth == 0))
    aucs = [oracle.roc_auc_score(truth == i, answers[:, i]) for i in range(3)]
    assert found["auc"] == pytest.approx(np.mean(aucs))  # "z" does not occur
    labels = range(4)
    expected = oracle.log_loss(truth, answers.astype(float), labels=labels)
    assert found["loss"] == pytest.approx(expected, rel=1e-5)
    assert found["confusion"] == oracle.confusion_matrix(truth, answered, labels=labels).tolist()
    assert found["f1_macro"] == pytest.approx(oracle.f1_score(truth, answered, average="macro"))


@pytest.mark.parametrize("seed", range(3))
def test_multilabel_as_sklearn(seed: int) -> None:
    from sklearn import metrics as oracle

    truth, answers = random_case("multilabel", seed)
    found, answered = measure("multilabel", truth, answers, THREE), answers > 0.5
    assert found["accuracy"] == pytest.approx(1 - oracle.hamming_loss(truth, answered))
    assert found["exact_match"] == pytest.approx(oracle.accuracy_score(truth, answered))
    assert found["auc"] == pytest.approx(oracle.roc_auc_score(truth, answers, average="macro"))
    assert found["f1_macro"] == pytest.approx(oracle.f1_score(truth, answered, average="macro"))


@pytest.mark.parametrize("kind", ["number", "vector"])
def test_numbers_as_sklearn(kind: str) -> None:
    from sklearn import metrics as oracle

    truth, answers = random_case(kind, 0)
    found = measure("number", truth, answers)
    assert found["loss"] == pytest.approx(oracle.mean_squared_error(truth, answers))
    assert found["mae"] == pytest.approx(oracle.mean_absolute_error(truth, answers))
    assert found["rmse"] == pytest.approx(oracle.root_mean_squared_error(truth, answers))


def saturated(answers: np.ndarray) -> np.ndarray:
    """Answers with some certainties among them, right and wrong."""
    answers = answers.copy()
    answers[:20], answers[20:40] = 0, 1
    return answers


@pytest.mark.parametrize("kind", ["binary", "multilabel", "category"])
@pytest.mark.parametrize("change", [np.asarray, saturated])
def test_losses_of_probabilities_as_keras(kind: str, change: Any) -> None:
    import keras

    truth, answers = random_case(kind, 1)
    if kind == "category":
        answers[:10] = np.eye(4)[(truth[:10] + 1) % 4]  # certain, and wrong
        oracle = keras.losses.CategoricalCrossentropy()(np.eye(4)[truth], answers)
    else:
        answers = change(answers)
        wide = (truth, answers) if kind == "multilabel" else (truth[:, None], answers[:, None])
        oracle = keras.losses.BinaryCrossentropy()(*wide)
    found = measure(kind, truth, answers, "wxyz"[: answers.shape[-1]] if answers.ndim > 1 else ())
    assert found["loss"] == pytest.approx(float(oracle), rel=1e-5)


@pytest.mark.parametrize("kind", ["number", "vector"])
def test_losses_of_numbers_as_keras(kind: str) -> None:
    import keras

    truth, answers = random_case(kind, 1)
    named = {
        "mse": keras.losses.MeanSquaredError(),
        "mae": keras.losses.MeanAbsoluteError(),
        "huber": keras.losses.Huber(),
    }
    for loss, oracle in named.items():
        expected = float(oracle(truth, answers))
        assert measure("number", truth, answers, loss=loss)["loss"] == pytest.approx(expected)


def test_rates_as_keras() -> None:
    import keras

    truth, answers = random_case("binary", 2)
    answers[:5] = 0.5
    metric = keras.metrics.BinaryAccuracy()
    metric.update_state(truth[:, None], answers[:, None])
    found = measure("binary", truth, answers)
    assert found["accuracy"] == pytest.approx(float(metric.result()))
    truth, answers = random_case("number", 2)
    correlation = np.corrcoef(truth.astype(float), answers.astype(float))[0, 1]
    assert measure("number", truth, answers)["correlation"] == pytest.approx(correlation)


UNDEFINED = {
    "one class": ("binary", np.array([1, 1]), floats(0.4, 0.6), (), {"auc"}),
    "one category": ("category", np.array([1]), floats([0.2, 0.8]), "ab", {"auc"}),
    "no tag": ("multilabel", np.zeros((2, 1), int), floats([0.1], [0.2]), "a", {"auc", "f1_macro"}),
    "constant truth": ("number", floats(1, 1), floats(1, 2), (), {"correlation"}),
    "constant answers": ("number", floats(1, 2), floats(3, 3), (), {"correlation"}),
    "one number": ("number", floats(1), floats(2), (), {"correlation"}),
    "binary NaN": ("binary", np.array([0, 1]), floats(np.nan, np.nan), (), {"loss", "auc"}),
    "category NaN": (
        "category",
        np.array([0, 1]),
        floats([np.nan] * 2, [np.nan] * 2),
        "ab",
        {"loss", "auc"},
    ),
    "infinite": (
        "number",
        floats(1, 2),
        floats(np.inf, 2),
        (),
        {"loss", "mae", "rmse", "correlation"},
    ),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_is_undefined_is_none(name: str) -> None:
    kind, truth, answers, classes, undefined = UNDEFINED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure(kind, truth, answers, classes)
    assert {key for key, value in found.items() if value is None} == undefined
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_only_python_numbers() -> None:
    for kind in ("binary", "category", "multilabel", "number", "vector"):
        truth, answers = random_case(kind, 0)
        classes = "wxyz"[: answers.shape[1]] if kind in ("category", "multilabel") else ()
        measures = measure("number" if kind == "vector" else kind, truth, answers, classes)
        assert json.loads(json.dumps(measures)) == measures
        assert type(measures["examples"]) is int


@pytest.mark.parametrize(("kind", "loss"), [("regression", "mse"), ("number", "poisson")])
def test_unknown_names(kind: str, loss: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        measure(kind, floats(1), floats(1), loss=loss)
