"""The files that tokenizers name."""

import pickle
from pathlib import Path

import pytest

from preprocess.core.errors import SpecError
from preprocess.spec import load_spec, parse_spec
from preprocess.spec.tokenizer_files import starting_at, subword_tokenizers, with_files
from preprocess.tokenizers import Keras, Sentencepiece, Wordpiece
from preprocess.tokenizers.sentencepiece_training import SentencepieceTraining

SPEC = """
features: {a: {vocabulary: given}, b: {vocabulary: trained}, c: {}}
vocabularies:
  given: {tokenizer: {kind: sentencepiece, model: %s}}
  trained: {tokenizer: {kind: wordpiece}}
"""


def files_of(spec):
    return {name: tokenizer.file for name, tokenizer in subword_tokenizers(spec).items()}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("m.model", "{folder}/m.model"),
        ("../m.model", "{folder}/../m.model"),
        ("/models/m.model", "/models/m.model"),
        ("gs://bucket/m.model", "gs://bucket/m.model"),
    ],
)
def test_a_path_starts_at_the_folder_of_the_spec(tmp_path, path, expected):
    (tmp_path / "s.yaml").write_text(SPEC % path)
    spec = load_spec(str(tmp_path / "s.yaml"))
    assert files_of(spec) == {"given": expected.format(folder=tmp_path), "trained": None}


def test_a_spec_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SPEC % "m.model")
    assert files_of(load_spec("s.yaml"))["given"] == "m.model"


def test_other_tokenizers_stay_as_they_are():
    spec = parse_spec(SPEC % "m.model")
    assert starting_at(spec, "folder").vocabularies["words"] == spec.vocabularies["words"]
    assert with_files(spec, lambda *_: "file").vocabularies["words"].tokenizer == Keras()


def test_other_files_take_their_place():
    spec = parse_spec(SPEC % "m.model")
    changed = with_files(spec, lambda name, tokenizer: f"{name}{tokenizer.SUFFIX}")
    assert files_of(changed) == {"given": "given.model", "trained": "trained.pieces.txt"}
    assert changed.vocabularies["trained"].tokenizer.train is not None
    assert pickle.loads(pickle.dumps(changed)) == changed
    assert with_files(changed, lambda name, _: None if name == "trained" else "m.model") == spec


def test_a_tokenizer_without_a_file_is_trained():
    assert Sentencepiece() == Sentencepiece(train=SentencepieceTraining())
    assert Wordpiece(vocabulary=None, train=None).train is not None
    assert Wordpiece(vocabulary="v.txt").train is None


def test_keys_that_say_nothing():
    vocabularies = parse_spec(SPEC % "m.model").vocabularies
    assert vocabularies["given"].unused_keys == ["max_size", "min_count", "ties"]
    assert vocabularies["words"].unused_keys == []


MISTAKES = {
    "both": (
        "{tokenizer: {kind: wordpiece, vocabulary: v, train: {}}}",
        "tokenizer: got both vocabulary and train, expected one of them; remove train to use the "
        "file, or vocabulary to train one",
    ),
    "max_size": (
        "{max_size: 9, tokenizer: {kind: sentencepiece}}",
        "max_size: got 9 with the tokenizer sentencepiece, expected no such key, as its pieces "
        "are the words, in their own order; remove the key; tokenizer.train.vocab_size bounds "
        "what the build trains",
    ),
    "min_count": (
        "{min_count: 2, tokenizer: {kind: wordpiece, vocabulary: v}}",
        "min_count: got 2 with the tokenizer wordpiece, expected no such key, as its pieces are "
        "the words, in their own order; remove the key",
    ),
    "ties": (
        "{ties: first_seen, tokenizer: {kind: wordpiece, vocabulary: v}}",
        "ties: got 'first_seen' with the tokenizer wordpiece, expected no such key, ",
    ),
    "hash buckets": (
        "{oov: {hash_buckets: 2}, tokenizer: {kind: sentencepiece}}",
        "oov: got hash buckets with the tokenizer sentencepiece, expected token or drop, as all "
        "that it does not know is one piece; choose one of the two",
    ),
    "coverage": (
        "{tokenizer: {kind: sentencepiece, train: {character_coverage: 0.5}}}",
        "tokenizer.train.character_coverage: got 0.5, expected at least 0.98",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(mistake):
    vocabulary, message = MISTAKES[mistake]
    spec = f"features: {{text: {{}}}}\nvocabularies: {{words: {vocabulary}}}"
    with pytest.raises(SpecError) as raised:
        parse_spec(spec)
    assert str(raised.value).startswith(f"spec: vocabularies.words.{message}")
