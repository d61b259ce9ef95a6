"""YAML that explodes, nests without end or holds what is no value: a line each, and soon."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from preprocess.core.errors import SpecError
from preprocess.model_file import ModelFile
from preprocess.spec import Spec, load_spec, parse_spec
from preprocess.spec.explain import shown
from preprocess.spec.load import parse
from preprocess.spec.yaml_limits import MAX_BYTES, MAX_DEPTH, MAX_NODES, check_yaml

TEXT = "features: {text: {}}\n"
TOO_MANY = (
    "got more than 25,000 values, those that aliases repeat counted again, expected fewer; "
    "shorten the file"
)
TOO_DEEP = "got values nested more than 64 deep, expected fewer levels; check brackets and indents"
TOO_LONG = "got a file of more than 524,288 bytes, expected fewer; shorten it"


def chain(first: str, each: str, count: int) -> str:
    """Lines `a0: &a0 ...`, and then of each number what `each` makes of the one before it."""
    lines = [f"a{n}: &a{n} " + each.format(f"*a{n - 1}") for n in range(1, count)]
    return "\n".join([f"a0: &a0 {first}", *lines])


EXPLODING = {
    "aliases": (chain("[x, x]", "[{0}, {0}, {0}, {0}]", 60), "line 8: " + TOO_MANY),
    "aliases as keys": (chain("[x]", "{{? {0} : {0}}}", 60), "line 14: " + TOO_MANY),
    "merges": (chain("{x: 1}", "{{<<: [{0}, {0}]}}", 60), "line 13: " + TOO_MANY),
    "merges of one": (chain("{x: 1}", "{{<<: {0}}}", 1000), "line 63: " + TOO_DEEP),
    "a chain of aliases": (chain("[x]", "[{0}]", 1000), "line 63: " + TOO_DEEP),
    "many values": (f"[{'a,' * MAX_NODES}]", "line 1: " + TOO_MANY),
    "an alias within itself": (
        TEXT + "a: &a [*a]",
        "line 2: got the alias *a within what it stands for, expected one of a value that is "
        "complete; write the value out",
    ),
    "a merge of itself": (
        TEXT + "a: &a {<<: *a}",
        "line 2: got the alias *a within what it stands for, expected one of a value that is "
        "complete; write the value out",
    ),
    "lists": ("[" * 100_000, "line 1: " + TOO_DEEP),
    "closed lists": ("[" * 300 + "]" * 300, "line 1: " + TOO_DEEP),
    "mappings": ("{a: " * 100_000, "line 1: " + TOO_DEEP),
    "block lists": ("- " * 100_000, "line 1: " + TOO_DEEP),
    "keys": ("? " * 100_000, "line 1: " + TOO_DEEP),
    "indents": ("".join(f"{' ' * n}a:\n" for n in range(500)), "line 64: " + TOO_DEEP),
    "text": ("#" * (MAX_BYTES + 1), TOO_LONG),
}


@pytest.mark.parametrize("model", [Spec, ModelFile])
@pytest.mark.parametrize("case", EXPLODING)
def test_what_explodes(case: str, model: type[Spec | ModelFile]) -> None:
    text, line = EXPLODING[case]
    assert mistake(text, model) == f"f.yaml: {line}"


def mistake(text: str, model: type[Spec | ModelFile] = Spec) -> str:
    with pytest.raises(SpecError) as raised:
        parse(text, "f.yaml", model)
    return str(raised.value)


NO_VALUES = {
    "a: {2026-13-01: x}": ('"2026-13-01"', "a date", "month must be in 1..12"),
    "a: 2026-02-30": ('"2026-02-30"', "a date", "day is out of range for month"),
    "a: !!int x": ('"x"', "a number", "invalid literal for int() with base 10: 'x'"),
    f"a: {'9' * 5000}": (f'"{"9" * 76}...', "a number", "5,000 characters"),
    f"a: 0x{'f' * 5000}": (f'"0x{"f" * 74}...', "a number", "5,002 characters"),
    f"a: 1{':1' * 5000}": (f'"1{":1" * 37}:...', "a number", "10,001 characters"),
    f"a: 1{':1' * 5000}.5": (f'"1{":1" * 37}:...', "a number", "10,003 characters"),
}


@pytest.mark.parametrize("text", NO_VALUES, ids=lambda text: text[:20])
def test_what_is_no_value(text: str) -> None:
    got, kind, reason = NO_VALUES[text]
    assert mistake(TEXT + text) == (
        f"f.yaml: line 2: got {got}, which YAML takes for {kind} ({reason}), expected a valid "
        "one; correct it, or put it in quotes"
    )


# Where pyyaml fails in its own way, which means nothing to a user.
NO_REASON = {
    "a: !!int ''": ('""', "a number"),
    "a: !!float ''": ('""', "a number"),
    "a: !!bool x": ('"x"', "bool"),
    "a: !!timestamp x": ('"x"', "a date"),
}


@pytest.mark.parametrize("text", NO_REASON)
def test_what_is_no_value_for_no_reason_of_the_users(text: str) -> None:
    got, kind = NO_REASON[text]
    assert mistake(TEXT + text) == (
        f"f.yaml: line 2: got {got}, which YAML takes for {kind}, expected a valid one; correct "
        "it, or put it in quotes"
    )


@pytest.mark.parametrize("text", [r"\uD800", r"a\uDE00b", r"\uDE00\uD83D"])
@pytest.mark.parametrize("spec", ['a: "{}"', '"{}": 1', 'keep: ["{}"]'])
def test_half_a_pair_of_surrogates(text: str, spec: str) -> None:
    assert mistake(TEXT + spec.replace("{}", text)) == (
        f"f.yaml: line 2: got '{text.lower()}', expected text without half a pair of surrogates; "
        "correct the escape"
    )


@pytest.mark.parametrize("text", ["a😀b", "\U0010ffff\n", "日本"])
def test_pairs_of_surrogates_are_one_character(text: str) -> None:
    spec = parse_spec(json.dumps({"features": {"text": {"column": text}}}))
    assert spec.features["text"].column == text


@pytest.mark.parametrize(
    ("key", "shown"), [("1", "1"), ("true", "true"), ("null", "null"), ("2020-01-01", "2020-01-01")]
)
@pytest.mark.parametrize("spec", [TEXT + "KEY: 2", "features: {text: {KEY: 2}}"])
def test_keys_that_are_no_text(key: str, shown: str, spec: str) -> None:
    line = mistake(spec.replace("KEY", key))
    assert line.endswith(f": got the key {shown}, expected text; put it in quotes")


ODD = [
    "!!timestamp x",
    "!!float ''",
    "!!binary é",
    "!!set {[a]: }",
    "{[a]: b}",
    "{{a: b}: c}",
    "!!omap [a]",
    "!!pairs {a: b}",
    "!!str [a]",
    "!!map a",
    "2026-01-01T00:00:00+99:99",
    "9999-12-31T23:59:59-23:59",
    "*unknown",
    "1e999",
    "{2026-01-01: a, 2026-01-02: b}",
    "{!!binary YQ==: 1}",
    "{~: 1}",
    '"\\ud800"',
    "<<: a",
    "{<<: [a]}",
    "=",
    "!!python/tuple [a]",
]


@pytest.mark.parametrize("key", ["keep", "features", "buckets", "zzz"])
@pytest.mark.parametrize("value", ODD)
def test_whatever_stands_there_is_a_mistake(value: str, key: str) -> None:
    assert mistake(f"{key}: {value}").startswith("f.yaml: ")


@given(st.text(st.sampled_from("[]{}&*<:!-?|>%@ab1 \n\"'#,~."), max_size=40))
def test_any_text_is_a_spec_or_a_mistake(text: str) -> None:
    for model in (Spec, ModelFile):
        try:
            parse(text, "f.yaml", model)
        except SpecError as error:
            assert str(error).startswith("f.yaml: ")


def test_a_lone_surrogate_in_the_text_itself() -> None:
    assert "is not valid YAML" in mistake("a: \ud800")


def test_aliases_and_merges_work() -> None:
    spec = parse_spec(
        "vocabularies: {a: &v {min_count: 2, tokenizer: &t {kind: whitespace}}, "
        "b: {<<: *v, max_size: 9}, c: {tokenizer: *t}}\n"
        "features: {a: &f {vocabulary: a, max_length: 5}, b: {<<: *f, vocabulary: b}, "
        "c: {<<: [*f, {padding: pre}], vocabulary: c}}"
    )
    assert spec.vocabularies["b"].min_count == 2 and spec.vocabularies["b"].max_size == 9
    assert spec.vocabularies["c"].tokenizer.kind == "whitespace"
    lengths = [(f.max_length, f.padding) for f in spec.text_features.values()]
    assert lengths == [(5, "post"), (5, "post"), (5, "pre")]


def test_as_much_as_is_allowed() -> None:
    check_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    check_yaml(f"[{'a,' * (MAX_NODES - 1)}]")
    check_yaml(f"a: &a [{'a,' * 10_000}]\nb: *a")
    check_yaml("#" * MAX_BYTES)


def test_many_mistakes_are_counted() -> None:
    lines = mistake(TEXT + "".join(f"{'x' * 500}{n}: 1\n" for n in range(900))).split("\n")
    assert len(lines) == 2 and all(len(line) < 300 for line in lines)  # equal as far as shown
    lines = mistake(TEXT + "".join(f"x{n}: 1\n" for n in range(10_000))).split("\n")
    assert len(lines) == 21
    assert lines[-1] == "f.yaml: got 9,980 mistakes more; mend these first"


@pytest.mark.parametrize(
    "value",
    ["x" * 10_000_000, [[0] * 1_000] * 100_000, {"a": [{"b": 1}] * 1_000_000}],
    ids=["text", "lists", "mapping"],
)
def test_what_is_shown_is_short(value: object) -> None:
    assert len(shown(value)) == 80


def test_keys_that_json_lacks_are_shown() -> None:
    data = yaml.safe_load("{2026-01-01: 1, ~: 2}")
    assert shown(data) == "{datetime.date(2026, 1, 1): 1, None: 2}"


FILES = {
    "huge": b"features: {}\n" * 100_000,
    "bytes": bytes(range(256)),
    "utf-16": TEXT.encode("utf-16"),
    "nuls": bytes(1000),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_none(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    assert load_mistake(str(path)).startswith(f"{path}: ")


def test_a_sparse_file_of_many_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert load_mistake(str(path)) == f"{path}: {TOO_LONG}"


def test_a_device_is_not_read_to_its_end() -> None:
    assert load_mistake("/dev/zero") == f"/dev/zero: {TOO_LONG}"


def test_a_path_that_cannot_be() -> None:
    assert "cannot be read (embedded null byte)" in load_mistake("a\0b")


def load_mistake(path: str) -> str:
    with pytest.raises(SpecError) as raised:
        load_spec(path)
    assert "\n" not in str(raised.value)
    return str(raised.value)
