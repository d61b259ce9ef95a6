"""Answers with `serving/` in this process: what `verify` does, without seconds of imports."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
import tensorflow as tf

from preprocess.graph.signatures import ask


class InProcessServer:
    """Stands in for `preprocess.verification.server.Server`."""

    def __init__(self, serving: str, op_libraries: Sequence[str]) -> None:
        self._answer = tf.saved_model.load(serving).signatures["serving_default"]

    def __enter__(self) -> InProcessServer:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def answers(self, requests: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
        for item, columns in requests:
            tensors = {name: tf.constant(values) for name, values in columns.items()}
            yield item, {name: v.numpy() for name, v in ask(self._answer, tensors).items()}


def answer_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `verify` ask this process until the test ends."""
    # By name, as the package has a function of the module's name.
    module = importlib.import_module("preprocess.verification.verifier")
    monkeypatch.setattr(module, "Server", InProcessServer)
