"""How well a model answers: one function for each kind of label, JSON out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.number_statistics import NumberScale
from preprocess.core.decisions import chosen_classes, is_yes
from preprocess.evaluation.class_scores import confusion, f1_scores, roc_auc
from preprocess.spec.labels import BINARY_CLASSES

# Keras clips probabilities by its `epsilon()` before it takes logarithms, in float32.
_LEAST, _MOST = np.float32(1e-7), np.float32(1 - 1e-7)


def measure(
    kind: str,
    truth: NDArray[Any],
    answers: NDArray[np.float32],
    classes: Sequence[str] = (),
    loss: str = "mse",
    scale: NumberScale | None = None,
) -> dict[str, Any]:
    """Compares the answers of a head with the labels.

    Args:
      kind: binary, category, multilabel or number.
      truth: labels as in the records, of at least one example. binary, category: int64 (rows,);
        multilabel: int64 (rows, classes); number: float32 (rows,) or (rows, size).
      answers: float32. binary: (rows,); category, multilabel: (rows, classes), probabilities;
        number: as `truth`.
      classes: names of the classes, by index; default of a binary label: 0 and 1.
      loss: of a number: mse, mae or huber.
      scale: of a number: on which it was learnt, so that the loss is of what is standardised by it;
        all other measures are in original units.

    Returns:
      Python numbers, None where a measure is undefined or no finite number:

      all: `examples`; `loss`, the mean over examples, without weights, as Keras computes it.
      binary: `accuracy`; `majority`, the accuracy of always answering the most frequent class;
        `auc`, under the ROC curve; `f1` by class; `confusion`, a list for each true class of how
        often each class was answered.
      category: the same; `auc` one-versus-rest, the mean over the classes that occur; `f1_macro`,
        the mean of `f1`.
      multilabel: `accuracy` of all decisions; `exact_match`, the fraction of examples with all
        decisions right; `auc` and `f1` by class, as for a category.
      number: `mae`, `rmse`, `correlation` (Pearson's); for a vector the means over the outputs,
        and `by_output`, a list of the three.

      The F1 of a class that neither occurs nor is answered is undefined, and left out of the mean.

    Raises:
      ValueError: an unknown kind or loss.
    """
    measures = {"examples": len(truth)}
    with np.errstate(all="ignore"):  # a model that answers NaN gets None, not a warning
        match kind:
            case "binary":
                return measures | _binary(truth, answers, classes or BINARY_CLASSES)
            case "category":
                return measures | _category(truth, answers, classes)
            case "multilabel":
                return measures | _multilabel(truth, answers, classes)
            case "number":
                return measures | _number(truth, answers, loss, scale)
    raise ValueError(f"got the kind {kind!r}, expected binary, category, multilabel or number")


def _binary(
    truth: NDArray[np.int64], answers: NDArray[np.float32], classes: Sequence[str]
) -> dict[str, Any]:
    answered = chosen_classes(answers)
    by_class = _by_class(truth, answered, classes)
    return {
        "loss": _plain(_crossentropy(truth, answers)),
        **_rates(truth, answered),
        "auc": _auc(truth[:, None], answers[:, None]),
        "f1": by_class["f1"],
        "confusion": by_class["confusion"],
    }


def _category(
    truth: NDArray[np.int64], answers: NDArray[np.float32], classes: Sequence[str]
) -> dict[str, Any]:
    answered = chosen_classes(answers)
    chosen = np.take_along_axis(answers, truth[:, None], axis=1)
    return {
        "loss": _plain(-np.log(_clipped(chosen)).mean()),
        **_rates(truth, answered),
        "auc": _auc(truth[:, None] == np.arange(len(classes)), answers),
        **_by_class(truth, answered, classes),
    }


def _multilabel(
    truth: NDArray[np.int64], answers: NDArray[np.float32], classes: Sequence[str]
) -> dict[str, Any]:
    answered = is_yes(answers).astype(np.int64)
    right = truth == answered
    by_class = [f1_scores(confusion(t, a, 2))[1] for t, a in zip(truth.T, answered.T, strict=True)]
    return {
        "loss": _plain(_crossentropy(truth, answers)),
        "accuracy": _plain(right.mean()),
        "exact_match": _plain(right.all(axis=1).mean()),
        "auc": _auc(truth, answers),
        **_f1(by_class, classes),
    }


def _rates(truth: NDArray[np.int64], answered: NDArray[np.int64]) -> dict[str, Any]:
    """Accuracy and majority, of one true and one answered index for each example."""
    return {
        "accuracy": _plain((truth == answered).mean()),
        "majority": _plain(np.bincount(truth).max() / len(truth)),
    }


def _by_class(
    truth: NDArray[np.int64], answered: NDArray[np.int64], classes: Sequence[str]
) -> dict[str, Any]:
    counts = confusion(truth, answered, len(classes))
    return {**_f1(f1_scores(counts), classes), "confusion": counts.tolist()}


def _f1(by_class: Iterable[float], classes: Sequence[str]) -> dict[str, Any]:
    named = {name: _plain(value) for name, value in zip(classes, by_class, strict=True)}
    return {"f1": named, "f1_macro": _mean(list(named.values()))}


def _crossentropy(truth: NDArray[np.int64], answers: NDArray[np.float32]) -> float:
    """The binary cross-entropy: the mean over all decisions."""
    yes, no = _clipped(answers), 1 - _clipped(answers)
    return float(-np.where(truth == 1, np.log(yes), np.log(no)).mean())


def _clipped(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.clip(probabilities.astype(np.float32), _LEAST, _MOST).astype(np.float64)


def _auc(truth: NDArray[np.int64 | np.bool_], answers: NDArray[np.float32]) -> float | None:
    """The mean over the columns, shape (rows, columns), that have both yes and no."""
    if not np.isfinite(answers).all():
        return None
    yes = truth.astype(bool)
    some = yes.any(axis=0) & ~yes.all(axis=0)
    found = [roc_auc(yes[:, i], answers[:, i]) for i in np.flatnonzero(some)]
    return _mean(found)


def _number(
    truth: NDArray[Any], answers: NDArray[Any], loss: str, scale: NumberScale | None
) -> dict[str, Any]:
    truth, answers = truth.astype(np.float64), answers.astype(np.float64)
    learnt = [truth, answers] if scale is None else [*map(scale.standardised, (truth, answers))]
    measures: dict[str, Any] = {"loss": _plain(_loss(learnt[1] - learnt[0], loss))}
    if truth.ndim == 1:
        return measures | _one_number(truth, answers)
    outputs = [_one_number(t, a) for t, a in zip(truth.T, answers.T, strict=True)]
    means = {key: _mean([output[key] for output in outputs]) for key in outputs[0]}
    return measures | means | {"by_output": outputs}


def _one_number(truth: NDArray[np.float64], answers: NDArray[np.float64]) -> dict[str, Any]:
    errors = answers - truth
    return {
        "mae": _plain(np.abs(errors).mean()),
        "rmse": _plain(np.sqrt((errors**2).mean())),
        "correlation": _correlation(truth, answers),
    }


def _loss(errors: NDArray[np.float64], loss: str) -> float:
    """The mean over all outputs; huber with delta 1, as Keras' default."""
    size = np.abs(errors)
    match loss:
        case "mse":
            return float((size**2).mean())
        case "mae":
            return float(size.mean())
        case "huber":
            return float(np.where(size <= 1, size**2 / 2, size - 0.5).mean())
    raise ValueError(f"got the loss {loss!r}, expected mse, mae or huber")


def _correlation(truth: NDArray[np.float64], answers: NDArray[np.float64]) -> float | None:
    if np.ptp(truth) == 0 or np.ptp(answers) == 0:
        return None
    return _plain(np.corrcoef(truth, answers)[0, 1])


def _mean(values: Sequence[float | None]) -> float | None:
    """The mean of the values that are defined."""
    defined = [value for value in values if value is not None]
    return _plain(np.mean(defined)) if defined else None


def _plain(value: float | np.floating) -> float | None:
    """A Python float; None for NaN and infinity, which JSON lacks."""
    return float(value) if math.isfinite(value) else None
