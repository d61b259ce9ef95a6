"""Layers of our own give way to inputs and heads that are called the same."""

from __future__ import annotations

import keras
import pytest

from preprocess.models.layer_names import reserve, unlike


def test_a_name_is_made_longer_until_it_is_free() -> None:
    assert unlike("joined", ["label"]) == "joined"
    assert unlike("joined", ["joined", "joined_"]) == "joined__"


@pytest.mark.parametrize("name", ["cast", "cast_3", "cast_999999999999", "cast_", "1"])
def test_keras_calls_no_operation_by_a_reserved_name(name: str) -> None:
    keras.backend.clear_session()
    reserve([name])
    inputs = keras.Input((), name="x")
    outputs = [keras.ops.cast(inputs, "float16") for _ in range(6)]
    assert name not in {output._keras_history.operation.name for output in outputs}
