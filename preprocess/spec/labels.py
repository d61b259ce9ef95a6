"""Labels: the raw columns that a model is to predict, and what each kind of them asks for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from preprocess.core.columns import RawColumn, RecordColumn
from preprocess.core.maxima import MAX_TEXT, MAX_VALUES
from preprocess.spec.source_column import FromColumn
from preprocess.spec.text_keys import keys_as_text

MAX_SIZE = 65_536
"""Numbers of a label, each an output of the model."""
BINARY_CLASSES = ("0", "1")
"""The names of a binary label's values, by value."""

Loss = Literal["binary_crossentropy", "categorical_crossentropy", "mse", "mae", "huber"]
Activation = Literal["sigmoid", "softmax", "linear"]

Decision = Literal["threshold", "likeliest", "value"]
"""How an output becomes an answer: it is a yes above 0.5, or the likeliest of all, or as it is."""


class LabelKind(FromColumn, ABC):
    """Base of the labels; what depends on the kind asks here."""

    kind: str
    losses: ClassVar[tuple[Loss, ...]]
    """The losses that fit, the default first."""
    activation: ClassVar[Activation]
    """The activation of the head's outputs."""
    decision: ClassVar[Decision]
    learns_classes: ClassVar[bool] = False
    """Whether its classes are those that the train split holds."""

    @property
    @abstractmethod
    def raw(self) -> RawColumn:
        """The column as a source gives it."""

    @abstractmethod
    def record(self, classes: Sequence[str]) -> RecordColumn:
        """The column of a record, for a label of these classes."""

    @abstractmethod
    def answer_shape(self, classes: Sequence[str]) -> tuple[int, ...]:
        """The shape of a model's answer to one row: () or (outputs,)."""

    def names(self, classes: Sequence[str]) -> Sequence[str]:
        """The name of each value in a record, by value; none for a label without classes."""
        return classes

    @property
    def has_classes(self) -> bool:
        """Whether records are counted by class."""
        return self.decision != "value"

    @property
    def has_one_class(self) -> bool:
        """Whether each row has one class, which a record holds by its index."""
        return self.has_classes and not self.raw.shape


class BinaryLabel(LabelKind):
    """0 or 1 (or false/true, or what `map` says), to become an int64 scalar."""

    kind: Literal["binary"] = "binary"
    map: (
        Annotated[
            dict[str, Annotated[int, Field(ge=0, le=1)]],
            Field(min_length=1, max_length=MAX_VALUES),
            BeforeValidator(keys_as_text),
        ]
        | None
    ) = None
    """Value of the column to 0 or 1; a row with another value is rejected. Null: 0 and 1 alone."""
    losses = ("binary_crossentropy",)
    activation = "sigmoid"
    decision = "threshold"

    @property
    def raw(self) -> RawColumn:
        return RawColumn("bit")

    def record(self, classes: Sequence[str]) -> RecordColumn:
        return RecordColumn("int64")

    def answer_shape(self, classes: Sequence[str]) -> tuple[int, ...]:
        return ()

    def names(self, classes: Sequence[str]) -> Sequence[str]:
        named = [[name for name, value in (self.map or {}).items() if value == v] for v in (0, 1)]
        return ["/".join(n) or usual for n, usual in zip(named, BINARY_CLASSES, strict=True)]


class CategoryLabel(LabelKind):
    """One of several classes, to become the int64 index of the class."""

    kind: Literal["category"] = "category"
    losses = ("categorical_crossentropy",)
    activation = "softmax"
    decision = "likeliest"
    learns_classes = True

    @property
    def raw(self) -> RawColumn:
        return RawColumn("name")

    def record(self, classes: Sequence[str]) -> RecordColumn:
        return RecordColumn("int64")

    def answer_shape(self, classes: Sequence[str]) -> tuple[int, ...]:
        return (len(classes),)


class MultilabelLabel(LabelKind):
    """Any number of classes, to become an int64 multi-hot vector."""

    kind: Literal["multilabel"] = "multilabel"
    separator: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)] = ","
    """Splits a string column into class names; a list column needs none."""
    losses = ("binary_crossentropy",)
    activation = "sigmoid"
    decision = "threshold"
    learns_classes = True

    @property
    def raw(self) -> RawColumn:
        return RawColumn("name", (None,), self.separator)

    def record(self, classes: Sequence[str]) -> RecordColumn:
        return RecordColumn("int64", (len(classes),), "multi_hot")

    def answer_shape(self, classes: Sequence[str]) -> tuple[int, ...]:
        return (len(classes),)


class NumberLabel(LabelKind):
    """A number, or `size` numbers of a list column, to become float32."""

    kind: Literal["number"] = "number"
    size: Annotated[int, Field(ge=1, le=MAX_SIZE)] | None = None
    """Length of the list column; null for a plain number."""
    losses = ("mse", "mae", "huber")
    activation = "linear"
    decision = "value"

    @property
    def raw(self) -> RawColumn:
        return RawColumn("number", self._shape)

    def record(self, classes: Sequence[str]) -> RecordColumn:
        return RecordColumn("float32", self._shape)

    def answer_shape(self, classes: Sequence[str]) -> tuple[int, ...]:
        return self._shape

    @property
    def _shape(self) -> tuple[int, ...]:
        return () if self.size is None else (self.size,)


Label = Annotated[
    BinaryLabel | CategoryLabel | MultilabelLabel | NumberLabel, Field(discriminator="kind")
]

DEFAULT_LABEL = BinaryLabel
"""What a label is that names no kind."""


def class_key(label: str) -> str:
    """The key under which serving answers the likeliest class of a category."""
    return f"{label}_class"
