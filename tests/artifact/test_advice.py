"""What a build advises, and that a spec can follow it to the letter."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import small_artifact
from small_artifact import SmallArtifact

from beam_jobs.build import build
from preprocess.artifact.advice import advice
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.word_index import Word
from preprocess.spec import parse_spec

SPLIT = {"train": [1, 2], "test": [3]}
TOKENIZER = {"kind": "keras", "filters": "!, ", "normalize": ["lower"]}


def _advice(folder: Path, lengths: dict, **declared: object) -> list[str]:
    spec = {"features": {"text": {"max_length": 8}}, **declared}
    artifact = SmallArtifact(lengths, declared=spec).write(folder)
    return list(advice(OpenedArtifact.open(artifact)))


def test_nothing_is_advised_of_what_is_well(tmp_path: Path) -> None:
    assert _advice(tmp_path, SPLIT) == []


@pytest.mark.parametrize("word", ["br", "<br", "BR", "/><br"])
def test_what_is_left_of_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    words = [Word("the", 2, 90), Word(word, 3, 1234), Word("cat", 4, 7), Word("a", 5, 1)]
    monkeypatch.setattr(small_artifact, "WORDS", words)
    vocabularies = {"words": {"tokenizer": TOKENIZER}}
    [line] = _advice(tmp_path / "a", SPLIT, vocabularies=vocabularies)
    assert line.startswith(f"vocabularies.words: got {word!r} 1,234 times, which looks like")
    written = line.partition("write ")[2].partition(" there")[0]
    assert written == 'tokenizer: {kind: keras, filters: "!, ", normalize: [strip_html, lower]}'
    spec = parse_spec(f"features: {{text: {{}}}}\nvocabularies: {{words: {{{written}}}}}")
    [tokenizer] = [vocabulary.tokenizer for vocabulary in spec.vocabularies.values()]
    followed = {"words": {"tokenizer": tokenizer.model_dump()}}
    assert _advice(tmp_path / "b", SPLIT, vocabularies=followed) == []


@pytest.mark.parametrize("word", ["brown", "b r", "abr"])
def test_other_words_are_no_html(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    words = [Word(word, 2, 9), *(Word(f"w{i}", i, 1) for i in (3, 4, 5))]
    monkeypatch.setattr(small_artifact, "WORDS", words)
    assert _advice(tmp_path, SPLIT) == []


@pytest.mark.parametrize(
    ("declared", "by"),
    [
        ({}, "text"),
        ({"keep": ["id"]}, "id"),
        ({"keep": [{"name": "id", "column": "no. 1"}]}, '"no. 1"'),
        ({"features": {"text": {"column": "no", "max_length": 8}}}, '"no"'),
    ],
)
def test_a_build_of_train_alone(tmp_path: Path, declared: dict, by: str) -> None:
    first, *lines = _advice(tmp_path, {"train": [1, 2], "test": []}, **declared)
    assert "got records for the split train alone" in first and first.endswith("build again:")
    assert lines == ["splits:", f"  {{by: {by}, fractions: {{train: 0.9, validation: 0.1}}}}"]
    spec = parse_spec("\n".join(["features: {text: {}}", *lines]))
    assert spec.splits is not None and spec.splits.names == ["train", "validation"]


def test_a_build_logs_what_it_advises(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "spec.yaml").write_text("features: {text: {}}")
    (tmp_path / "rows.csv").write_text("text\na<br />b\n")
    inputs = [f"train={tmp_path}/rows.csv"]
    with caplog.at_level(logging.WARNING, "beam_jobs"):
        build(str(tmp_path / "spec.yaml"), inputs, str(tmp_path / "artifact"))
    logged = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("beam_jobs.build")
    ]
    assert "normalize: [strip_html]" in logged[0]
    assert "and give --input without SPLIT=" in logged[1]
    assert logged[2:] == [
        "splits:",
        "  {by: text, fractions: {train: 0.9, validation: 0.1}}",
    ]
