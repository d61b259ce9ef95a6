"""Carries collections out of a transform that a library applies."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Handover(Generic[T]):
    """What a transform made beside the outputs that its caller asked for.

    tf.Transform applies the transform of an analyzer itself, and hands on its arrays alone. It
    also pickles the transform, to trace the graph again on a worker: a copy holds nothing.
    """

    def __init__(self) -> None:
        self._given: list[T] = []

    def __getstate__(self) -> dict[str, list[T]]:
        return {"_given": []}

    def give(self, value: T) -> None:
        """Leaves `value` for `take`."""
        self._given.append(value)

    def take(self) -> T:
        """The value that the transform left when it was applied, once."""
        [value] = self._given
        return value
