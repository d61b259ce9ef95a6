"""The texts of an artifact as lists of words."""

from __future__ import annotations

from pathlib import Path

import pytest
from gensim.models import Word2Vec
from small_artifact import FULL, PLAIN, SmallArtifact

from preprocess import Sentences
from preprocess.core.errors import UsageError


def test_words_of_every_record_again_and_again(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [2, 0, 5]}, declared=PLAIN).write(tmp_path)
    sentences = Sentences(artifact)
    found = list(sentences)
    # Ids run from 2; padding is left out.
    assert sorted(map(len, found)) == [0, 2, 5]
    assert ["the", "cat"] in found and list(sentences) == found


def test_unknown_words_are_left_out(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [3]}, declared=FULL).write(tmp_path)
    assert list(Sentences(artifact, feature="title")) == [[]]  # one OOV id
    assert list(Sentences(artifact)) == [["the", "cat", "tab\t"], []]


def test_gensim_learns_from_them(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [8] * 30}, declared=PLAIN).write(tmp_path)
    model = Word2Vec(Sentences(artifact), vector_size=4, min_count=1, epochs=2, seed=1, workers=1)
    assert set(model.wv.index_to_key) == {"the", "cat", "tab\t", "[b]"}
    assert model.corpus_count == 30


def test_an_unknown_feature_or_split_is_refused(tmp_path: Path) -> None:
    artifact = SmallArtifact({"train": [3]}, declared=FULL).write(tmp_path)
    with pytest.raises(UsageError, match="got the feature 'stars', expected one of text, title"):
        Sentences(artifact, feature="stars")
    with pytest.raises(UsageError, match="got the split 'dev'"):
        Sentences(artifact, "dev")
