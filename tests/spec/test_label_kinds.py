"""What each kind of label asks for, as literals."""

from __future__ import annotations

import pytest

from preprocess.spec.labels import (
    BinaryLabel,
    CategoryLabel,
    LabelKind,
    MultilabelLabel,
    NumberLabel,
)

CLASSES = ["a", "b", "c"]
#: raw dtype and shape, record dtype and shape, names, answer, losses, activation, decision
KINDS = {
    "binary": (
        BinaryLabel(),
        ("int64", ()),
        ("int64", ()),
        ["0", "1"],
        (),
        ("binary_crossentropy",),
        "sigmoid",
        "threshold",
    ),
    "category": (
        CategoryLabel(),
        ("string", ()),
        ("int64", ()),
        CLASSES,
        (3,),
        ("categorical_crossentropy",),
        "softmax",
        "likeliest",
    ),
    "multilabel": (
        MultilabelLabel(),
        ("string", (None,)),
        ("int64", (3,)),
        CLASSES,
        (3,),
        ("binary_crossentropy",),
        "sigmoid",
        "threshold",
    ),
    "number": (
        NumberLabel(),
        ("float32", ()),
        ("float32", ()),
        [],
        (),
        ("mse", "mae", "huber"),
        "linear",
        "value",
    ),
    "vector": (
        NumberLabel(size=2),
        ("float32", (2,)),
        ("float32", (2,)),
        [],
        (2,),
        ("mse", "mae", "huber"),
        "linear",
        "value",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind(kind: str) -> None:
    label, raw, record, names, answer, losses, activation, decision = KINDS[kind]
    classes = CLASSES if label.learns_classes else []
    assert (label.raw.dtype, label.raw.shape) == raw
    column = label.record(classes)
    assert (column.dtype, column.shape) == record
    assert list(label.names(classes)) == names
    assert label.answer_shape(classes) == answer
    assert (label.losses, label.activation, label.decision) == (losses, activation, decision)


def _that(condition: str) -> set[str]:
    return {kind for kind, (label, *_) in KINDS.items() if getattr(label, condition)}


def test_what_kinds_have_in_common() -> None:
    assert _that("learns_classes") == {"category", "multilabel"}
    assert _that("has_classes") == {"binary", "category", "multilabel"}
    assert _that("has_one_class") == {"binary", "category"}


def test_every_kind_is_here() -> None:
    assert {type(label) for label, *_ in KINDS.values()} == set(LabelKind.__subclasses__())
