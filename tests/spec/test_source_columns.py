"""Names of a spec, and the raw columns that stand behind them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.core.declared import PLAIN_NAME
from preprocess.spec import Spec, parse_spec
from preprocess.spec.source_column import Kept

NAMES = st.from_regex(PLAIN_NAME, fullmatch=True)
RENAMED = """
features: {a: {column: "#1 String"}, b: {kind: numeric, column: n}, c: {column: "#1 String"}}
labels: {y: {column: ラベル}, z: {kind: number}}
keep: [id, {name: note, column: "my note"}]
splits: {by: "a.b/c", fractions: {train: 1}}
"""


def _through_json(spec: Spec) -> Spec:
    return Spec.model_validate(json.loads(json.dumps(spec.model_dump(mode="json"))))


def test_every_name_has_its_raw_column() -> None:
    spec = parse_spec(RENAMED)
    assert list(spec.source_columns.items()) == [
        ("a", "#1 String"), ("b", "n"), ("c", "#1 String"), ("y", "ラベル"), ("z", "z"),
        ("id", "id"), ("note", "my note"),
    ]  # fmt: skip
    assert spec.split_column == "a.b/c"
    assert spec.columns == ["#1 String", "n", "ラベル", "z", "id", "my note", "a.b/c"]
    assert spec.kept == ["id", "note"]


def test_columns_round_trip() -> None:
    spec = parse_spec(RENAMED)
    assert _through_json(spec) == spec
    assert Spec.model_validate_json(spec.model_dump_json()) == spec


def test_kept_columns_are_written_as_they_were_read() -> None:
    spec = parse_spec(RENAMED)
    assert spec.model_dump(mode="json")["keep"] == ["id", {"name": "note", "column": "my note"}]
    assert spec.keep == [Kept(name="id"), Kept(name="note", column="my note")]


@pytest.mark.parametrize(
    "entry", ["id", {"name": "id"}, {"name": "id", "column": None}, Kept(name="id")]
)
def test_a_name_alone_is_a_kept_column(entry: object) -> None:
    spec = Spec.model_validate({"features": {"text": {}}, "keep": [entry]})
    assert spec.keep == [Kept(name="id")]


@given(NAMES, NAMES, NAMES)
def test_every_plain_name_round_trips(feature: str, label: str, kept: str) -> None:
    # Endings that keep the names apart, from each other and from those of lengths.
    declared = {
        "features": {f"{feature}.f": {"vocabulary": feature}},
        "vocabularies": {feature: {}},
        "labels": {f"{label}.l": {}},
        "keep": [f"{kept}.k"],
    }
    spec = Spec.model_validate(declared)
    assert _through_json(spec) == spec
    assert [*spec.source_columns] == [f"{feature}.f", f"{label}.l", f"{kept}.k"]


@given(st.text(min_size=1))
def test_any_text_names_a_raw_column(column: str) -> None:
    declared = {
        "features": {"text": {"column": column}},
        "splits": {"by": column, "fractions": {"train": 1.0}},
    }
    spec = Spec.model_validate(declared)
    assert _through_json(spec) == spec
    assert spec.columns == [column]
