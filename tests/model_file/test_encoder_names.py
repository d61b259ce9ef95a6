"""Names of encoders' layers and embeddings keep apart, whatever features are called."""

from __future__ import annotations

import pytest

from preprocess.model_file.encoder_names import embedding_names, layer_prefix
from preprocess.spec import Spec


@pytest.mark.parametrize(
    ("names", "prefixes"),
    [
        (["text"], ["text"]),
        (["text", "texts", "Text_embedding"], ["text", "texts", "Text_embedding"]),
        (["text", "text_embedding"], ["text_", "text_embedding_"]),
        (["a", "a_"], ["a_", "a__"]),
        (["a", "a_", "a__x"], ["a__", "a___", "a__x__"]),
    ],
)
def test_no_name_begins_as_the_layers_of_an_encoder(names: list[str], prefixes: list[str]) -> None:
    spec = Spec.model_validate({"features": dict.fromkeys(names)})
    assert [layer_prefix(name, spec) for name in names] == prefixes


def test_labels_and_vocabularies_count_too() -> None:
    declared = {
        "features": {"text": {"vocabulary": "text__x"}},
        "vocabularies": {"text__x": {}},
        "labels": {"text_y": {}},
    }
    assert layer_prefix("text", Spec.model_validate(declared)) == "text__"


@pytest.mark.parametrize(
    ("owners", "names"),
    [
        ([("words", "text")], ["words"]),
        ([("words", "text"), ("words", "title")], ["words.text", "words.title"]),
        ([("a", "b"), ("a", "c"), ("a.b", "d")], ["a.b_", "a.c", "a.b"]),
        ([("a", "x"), ("a.metadata", "y")], ["a", "a.metadata"]),
        ([("a.metadata", "y"), ("a", "x")], ["a.metadata", "a"]),
    ],
)
def test_embeddings_keep_apart(owners: list[tuple[str, str]], names: list[str]) -> None:
    assert embedding_names(owners) == names
