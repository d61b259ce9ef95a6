"""What a model's signature answers, as JSON objects: one a row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from preprocess.core.decisions import is_yes
from preprocess.spec.labels import class_key
from preprocess.trained_model.model_manifest import ModelManifest

Arrays = dict[str, NDArray[Any]]
Row = dict[str, Any]


def answer_rows(answers: Arrays, manifest: ModelManifest) -> Iterator[Row]:
    """An object a row, as `Predictor.predict` gives them, from what the signature answers."""
    if not answers:
        return
    columns = [_answered(label, answers, manifest) for label in manifest.labels]
    for row in zip(*columns, strict=True):
        yield dict(zip(manifest.labels, row, strict=True))


def _answered(label: str, answers: Arrays, manifest: ModelManifest) -> Iterator[Row]:
    declared, values = manifest.spec.labels[label], answers[label]
    classes = manifest.classes.get(label, ())
    if declared.decision == "value":
        return ({"value": _value(value)} for value in values)
    if declared.decision == "likeliest":
        return map(_likeliest, answers[class_key(label)], values, repeat(classes))
    if values.ndim == 1:
        return ({"probability": short_float(value)} for value in values)
    return map(_chosen, values, repeat(classes))


def _likeliest(name: bytes, values: NDArray[np.float32], classes: Sequence[str]) -> Row:
    return {"class": name.decode(), "probabilities": _probabilities(values, classes)}


def _chosen(values: NDArray[np.float32], classes: Sequence[str]) -> Row:
    chosen = [name for name, yes in zip(classes, is_yes(values), strict=True) if yes]
    return {"class": chosen, "probabilities": _probabilities(values, classes)}


def _probabilities(values: NDArray[np.float32], classes: Sequence[str]) -> dict[str, float | None]:
    return dict(zip(classes, map(short_float, values), strict=True))


def _value(value: NDArray[np.float32] | np.float32) -> float | list[float | None] | None:
    if isinstance(value, np.ndarray):
        return [short_float(item) for item in value]
    return short_float(value)


def short_float(value: np.float32) -> float | None:
    """The float with the fewest digits that is the same float32."""
    return float(str(value)) if math.isfinite(value) else None
