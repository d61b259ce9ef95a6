"""JSON that every reader takes, whatever the numbers."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.core.finite_json import finite, finite_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=20,
)


def refuse(constant: str) -> float:
    raise AssertionError(f"got {constant}, which is no JSON")


@given(VALUES)
def test_is_json(value: object) -> None:
    assert json.loads(finite_json(value), parse_constant=refuse) == finite(value)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_null(number: float) -> None:
    assert finite_json({"a": [1.5, number], "b": (number,)}) == '{"a": [1.5, null], "b": [null]}'


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_other_numbers_stay(number: float) -> None:
    assert json.loads(finite_json([number])) == [number]
