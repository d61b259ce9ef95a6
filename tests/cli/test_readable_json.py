"""`evaluate` lays its JSON out for people, and changes nothing in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.cli.readable_json import readable_json

_TEXT = st.text() | st.sampled_from(["[a  b]", "[1,   2]", '"', "\\", "{ }", "\n  ", "\u2028"])
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner), max_leaves=20
)


@given(_VALUES)
def test_any_value_stays_what_it_is(value: object) -> None:
    assert json.loads(readable_json(value)) == value


@pytest.mark.parametrize("name", ["[a  b]", "[1,   2]", "[x\u3000y]"])
def test_a_class_that_looks_like_a_list_keeps_its_name(name: str) -> None:
    assert readable_json({name: [1, 2]}) == f'{{\n  "{name}": [1, 2]\n}}'


def test_lists_of_numbers_stand_on_a_line_and_all_else_over_several() -> None:
    value = {"a": [], "b": {}, "c": [[1, 2.5], [None]], "d": ["x"]}
    assert readable_json(value) == (
        '{\n  "a": [],\n  "b": {},\n  "c": [\n    [1, 2.5],\n    [null]\n  ],\n'
        '  "d": [\n    "x"\n  ]\n}'
    )
