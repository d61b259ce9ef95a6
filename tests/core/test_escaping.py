"""What is shown holds nothing that commands a terminal, and JSON stays the same value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.core.escaping import ascii_json, visible, visible_json

# Text of any kind, lone surrogates among it, as file names that are no UTF-8 give them.
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_all_that_is_shown_is_printable(text: str) -> None:
    assert visible(text).isprintable()
    visible(text).encode()


JSON = st.recursive(
    ANY_TEXT | st.integers(), lambda v: st.lists(v) | st.dictionaries(ANY_TEXT, v), max_leaves=8
)


@given(value=JSON)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_keeps_its_value(value: object, indent: int | None) -> None:
    shown = visible_json(json.dumps(value, ensure_ascii=False, indent=indent))
    assert json.loads(shown) == json.loads(json.dumps(value))
    assert shown.replace("\n", "").isprintable() and (indent or "\n" not in shown)
    shown.encode()
    in_ascii = ascii_json(json.dumps(value, ensure_ascii=False, indent=indent))
    assert in_ascii.isascii() and json.loads(in_ascii) == json.loads(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x9b31m", '"\\u009b31m"'),
        ("\x7f", '"\\u007f"'),
        ("\u202e", '"\\u202e"'),
        ("\udcff", '"\\udcff"'),
        ("\U000e0001", '"\\udb40\\udc01"'),
        ("日本 ä 😀", '"日本 ä 😀"'),
    ],
)
def test_json_literals(text: str, shown: str) -> None:
    assert visible_json(json.dumps(text, ensure_ascii=False)) == shown
