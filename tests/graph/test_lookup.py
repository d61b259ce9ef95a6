"""Tokens to ids: a Python dict, the graph, and the reloaded SavedModel agree."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from lookup_assets import AWKWARD, expected_ids, write_asset

from preprocess.core import escaping
from preprocess.graph.lookup import SENTINEL, Lookup, TokenIndex, escape
from preprocess.spec import Vocabulary

TOKENS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
STRINGS = tf.TensorSpec([None], tf.string)

VOCABULARIES = {
    "token": {"oov": "token"},
    "drop": {"oov": "drop"},
    "hash buckets": {"oov": {"hash_buckets": 3}},
    "reserved": {"oov": "token", "reserved_tokens": ["[CLS]", "[MASK]"]},
    "drop, reserved": {"oov": "drop", "reserved_tokens": ["[CLS]"]},
    "hash buckets, reserved": {"oov": {"hash_buckets": 2}, "reserved_tokens": ["\t"]},
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all examples of a property: no two assets have one name."""
    return tmp_path_factory.mktemp("assets")


def _traced(lookup: tf.Module) -> Callable[[tf.Tensor], tf.Tensor]:
    lookup.serve = tf.function(lookup.__call__, input_signature=[STRINGS])
    return lookup.serve


def _reloaded(lookup: tf.Module, folder: Path) -> Callable[[tf.Tensor], tf.Tensor]:
    _traced(lookup)
    tf.saved_model.save(lookup, str(folder))
    return tf.saved_model.load(str(folder)).serve


@pytest.mark.parametrize(
    ("declared", "ids"),
    [
        ({"oov": "token"}, [2, 3, 1, 1]),
        ({"oov": "drop"}, [1, 2, 0, 0]),
        ({"oov": "token", "reserved_tokens": ["the"]}, [2, 3, 1, 1]),
        # FarmHash of "dog" and "" modulo 8, which must stay as it is
        ({"oov": {"hash_buckets": 8}}, [9, 10, 1, 8]),
    ],
)
def test_literal_ids(tmp_path: Path, declared: dict, ids: list[int]) -> None:
    lookup = Lookup(Vocabulary.model_validate(declared), write_asset(tmp_path, ["the", "cat"]))
    found = lookup(tf.constant(["the", "cat", "dog", ""]))
    assert found.dtype == tf.int64
    assert found.numpy().tolist() == ids


@pytest.mark.parametrize("declared", VOCABULARIES.values(), ids=VOCABULARIES)
def test_dict_graph_and_saved_model_agree(tmp_path: Path, declared: dict) -> None:
    vocabulary = Vocabulary.model_validate(declared)
    known = [*vocabulary.reserved_tokens, *(t for t in AWKWARD if t != "\t"), "the", "cat"]
    tokens = [*known, *(f"{token}x" for token in known), "", "\\\\", "THE"]
    expected = expected_ids(vocabulary, known, tokens)
    lookup = Lookup(vocabulary, write_asset(tmp_path, known))
    assert lookup(tf.constant(tokens)).numpy().tolist() == expected
    assert _traced(lookup)(tf.constant(tokens)).numpy().tolist() == expected
    reloaded = _reloaded(lookup, tmp_path / "model")
    assert reloaded(tf.constant(tokens)).numpy().tolist() == expected
    assert len(set(expected[: len(known)])) == len(known)
    assert 0 not in expected[: len(known)]


@settings(max_examples=25)
@given(known=st.lists(TOKENS.filter(bool), unique=True, max_size=8), others=st.lists(TOKENS))
def test_any_unicode(shared: Path, known: list[str], others: list[str]) -> None:
    vocabulary = Vocabulary.model_validate({"oov": {"hash_buckets": 5}})
    tokens = [*known, *others]
    found = Lookup(vocabulary, write_asset(shared, known))(tf.constant(tokens, tf.string))
    assert found.numpy().tolist() == expected_ids(vocabulary, known, tokens)


@settings(max_examples=5)
@given(known=st.lists(TOKENS.filter(bool), unique=True, min_size=1, max_size=8))
def test_any_unicode_reloaded(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, known: list[str]
) -> None:
    vocabulary = Vocabulary()
    lookup = Lookup(vocabulary, write_asset(shared, known))
    reloaded = _reloaded(lookup, tmp_path_factory.mktemp("model"))
    tokens = [*known, "no token"]
    assert reloaded(tf.constant(tokens)).numpy().tolist() == expected_ids(vocabulary, known, tokens)


@pytest.mark.parametrize("oov", ["token", "drop", {"hash_buckets": 1}])
def test_empty_vocabulary(tmp_path: Path, oov: object) -> None:
    lookup = Lookup(Vocabulary.model_validate({"oov": oov}), write_asset(tmp_path, []))
    tokens = tf.constant(["a", "", SENTINEL, "\\"])
    expected = [0] * 4 if oov == "drop" else [1] * 4
    assert lookup(tokens).numpy().tolist() == expected
    assert _reloaded(lookup, tmp_path / "model")(tokens).numpy().tolist() == expected


def test_no_tokens(tmp_path: Path) -> None:
    lookup = Lookup(Vocabulary(), write_asset(tmp_path, ["a"]))
    nothing = tf.constant([], tf.string)
    assert lookup(nothing).numpy().tolist() == []
    assert _traced(lookup)(nothing).dtype == tf.int64


def test_shape_is_kept(tmp_path: Path) -> None:
    lookup = Lookup(Vocabulary(), write_asset(tmp_path, ["a", "\n"]))
    tokens = tf.constant([["a", "\n", "b"], ["\n", "c", "a"]])
    assert lookup(tokens).numpy().tolist() == [[2, 3, 1], [3, 1, 2]]


def test_tokens_that_are_not_utf8(tmp_path: Path) -> None:
    places = TokenIndex(write_asset(tmp_path, ["a", "\n", "\\n"]))
    tokens = tf.constant([b"\xff", b"a", b"\xff\n", b"\n", b"a\xff", b"\\n"])
    assert places(tokens).numpy().tolist() == [0, 1, 0, 2, 0, 3]


@pytest.mark.parametrize(
    ("token", "line"),
    [
        ("the", "the"),
        ("", ""),
        ("a\tb", "a\\tb"),
        ("\n", "\\n"),
        ("\r\n", "\\r\\n"),
        ("\\", "\\\\"),
        ("\\n", "\\\\n"),
        ("\\\n", "\\\\\\n"),
        ("語\t", "語\\t"),
    ],
)
def test_escape_twins(token: str, line: str) -> None:
    assert escaping.escape(token) == line
    assert escape(tf.constant([token])).numpy().tolist() == [line.encode()]


@given(st.lists(TOKENS, max_size=8))
def test_escape_twins_agree(tokens: list[str]) -> None:
    escaped = escape(tf.constant(tokens, tf.string)).numpy().tolist()
    assert escaped == [escaping.escape(token).encode() for token in tokens]


@given(TOKENS)
def test_no_token_is_the_first_line(token: str) -> None:
    assert escaping.escape(token) != SENTINEL


def test_the_first_line_is_no_escape() -> None:
    assert escaping.escape(escaping.unescape(SENTINEL)) != SENTINEL


def test_tables_of_one_process_do_not_share_content(tmp_path: Path) -> None:
    first = Lookup(Vocabulary(), write_asset(tmp_path, ["a", "b"]))
    second = Lookup(Vocabulary(), write_asset(tmp_path, ["b", "c", "a"]))
    tokens = tf.constant(["a", "b", "c"])

    @tf.function
    def both(tokens: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return first(tokens), second(tokens)

    assert [ids.numpy().tolist() for ids in both(tokens)] == [[2, 3, 1], [4, 2, 3]]
    assert first(tokens).numpy().tolist() == [2, 3, 1]


def test_reloaded_models_of_one_process_do_not_share_content(tmp_path: Path) -> None:
    tokens = tf.constant(["a", "b"])
    models = []
    for number, known in enumerate((["a"], ["b"])):
        lookup = Lookup(Vocabulary(), write_asset(tmp_path, known))
        models.append(_reloaded(lookup, tmp_path / f"model{number}"))
    assert [model(tokens).numpy().tolist() for model in models] == [[2, 1], [1, 2]]


def test_the_asset_is_read_once(tmp_path: Path) -> None:
    path = write_asset(tmp_path, ["a"])
    lookup = Lookup(Vocabulary(), path)
    serve, tokens = _traced(lookup), tf.constant(["a", "b"])
    assert serve(tokens).numpy().tolist() == [2, 1]
    Path(path).write_text("changed\n")
    assert serve(tokens).numpy().tolist() == lookup(tokens).numpy().tolist() == [2, 1]
    os.remove(path)
    assert serve(tokens).numpy().tolist() == lookup(tokens).numpy().tolist() == [2, 1]


def test_a_reloaded_model_reads_its_asset_once(tmp_path: Path) -> None:
    serve = _reloaded(Lookup(Vocabulary(), write_asset(tmp_path, ["a"])), tmp_path / "model")
    tokens = tf.constant(["a", "b"])
    assert serve(tokens).numpy().tolist() == [2, 1]
    [asset] = (tmp_path / "model" / "assets").iterdir()
    asset.unlink()
    assert serve(tokens).numpy().tolist() == [2, 1]


def test_a_table_made_while_a_function_is_traced_is_read_once(tmp_path: Path) -> None:
    path = write_asset(tmp_path, ["a"])
    made = []

    @tf.function(input_signature=[STRINGS])
    def serve(tokens: tf.Tensor) -> tf.Tensor:
        made.append(Lookup(Vocabulary(), path))  # whoever holds the function holds the table
        return made[-1](tokens)

    tokens = tf.constant(["a", "b"])
    assert serve(tokens).numpy().tolist() == [2, 1]
    os.remove(path)
    assert serve(tokens).numpy().tolist() == [2, 1]
    assert len(made) == 1
