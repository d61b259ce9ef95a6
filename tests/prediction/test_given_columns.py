"""Columns that a program gives are arrays of texts and numbers, or an error names the row."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from preprocess.core.errors import UsageError
from preprocess.prediction.given_columns import as_floats, as_texts, row_count


@pytest.mark.parametrize("values", ["a", "", b"ab", 5, None, iter(["a"])])
def test_one_value_is_no_column(values: Any) -> None:
    with pytest.raises(UsageError, match=r"^text: got .*, expected a list with a value for each"):
        row_count("text", values)


@pytest.mark.parametrize(
    "values", [["a"], ("a",), np.array(["a"]), np.array(["a"], object), [b"a"]]
)
def test_texts(values: Any) -> None:
    assert row_count("text", values) == 1
    assert as_texts("text", values).tolist() == [b"a"]


def test_texts_keep_nuls_at_their_end() -> None:
    assert as_texts("text", ["a\0", "日本", ""]).tolist() == [b"a\0", "日本".encode(), b""]


@pytest.mark.parametrize("value", [5, None, "\ud800", ["a"], 1.5, np.array("a")])
def test_what_is_no_text_is_named(value: Any) -> None:
    with pytest.raises(UsageError, match=r"^text: row 1: got .*, expected a text, str or bytes"):
        as_texts("text", ["a", value])


@pytest.mark.parametrize(
    "values",
    [
        [1, 0],
        (1.0, 0.0),
        [True, False],
        [Fraction(1), np.float64(0)],
        [np.bool_(True), np.int8(0)],
        np.array([1, 0], np.uint8),
        np.array([1, 0], object),
    ],
)
def test_numbers(values: Any) -> None:
    found = as_floats("n", values)
    assert found.dtype == np.float32 and found.tolist() == [1, 0]


def test_no_numbers() -> None:
    assert as_floats("n", []).shape == (0,)


@pytest.mark.parametrize("value", ["x", "1", None, [1], b"1", 1j, Decimal("1"), np.array([1])])
def test_what_is_no_number_is_named(value: Any) -> None:
    with pytest.raises(UsageError, match=r"^n: row 1: got .*, expected a number; correct it$"):
        as_floats("n", [1, value])


@pytest.mark.parametrize("values", [np.zeros((2, 2)), [10**400]])
def test_numbers_that_are_no_column(values: Any) -> None:
    with pytest.raises(UsageError, match=r"^n: got .*, expected a number for each row"):
        as_floats("n", values)


def test_an_arrow_array_is_a_column() -> None:
    assert as_floats("n", pa.array([1.0, 0.5]).to_numpy()).tolist() == [1, 0.5]
