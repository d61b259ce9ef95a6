"""Trained tokenizers with fewer pieces than were asked for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from beam_jobs.subwords.undercut import _undercut
from preprocess.spec import parse_spec

SPEC = """
features: {a: {vocabulary: a}, b: {vocabulary: b}, c: {vocabulary: c}, d: {}}
vocabularies:
  a: {tokenizer: {kind: sentencepiece, train: {vocab_size: 100}}, oov: %s, reserved_tokens: [x, y]}
  b: {tokenizer: {kind: wordpiece, train: {vocab_size: 100}}}
  c: {tokenizer: {kind: wordpiece, vocabulary: v.txt}}
"""


@pytest.mark.parametrize(("oov", "ids"), [("token", 1), ("drop", 0)])
def test_pieces_are_counted_as_they_are_asked_for(oov: str, ids: int) -> None:
    spec = parse_spec(SPEC % oov)
    # Padding, OOV ids, reserved tokens, and the pieces but the unknown one.
    sizes = {"a": 1 + ids + 2 + 99, "b": 1 + 1 + 99, "c": 5, "words": 3}
    assert list(_undercut(SimpleNamespace(spec=spec, vocabulary_sizes=sizes))) == []
    sizes = {**sizes, "a": sizes["a"] - 1, "b": sizes["b"] - 60}
    assert list(_undercut(SimpleNamespace(spec=spec, vocabulary_sizes=sizes))) == [
        ("a", 99, 100),
        ("b", 40, 100),
    ]
