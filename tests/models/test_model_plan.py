"""A model file matched with an artifact: sizes, sharing, and every way not to fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_artifact import FULL, PLAIN, SmallArtifact

from preprocess import read_manifest
from preprocess.artifact.manifest import Manifest
from preprocess.core.errors import SpecError
from preprocess.model_file import ModelFile
from preprocess.models.model_plan import ModelPlan, plan_model
from preprocess.spec.load import parse


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Two texts on one vocabulary, a number, and a label of every kind."""
    folder = tmp_path_factory.mktemp("full")
    return read_manifest(SmallArtifact({"train": [1, 2]}, declared=FULL).write(folder))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """One text and a binary label."""
    folder = tmp_path_factory.mktemp("plain")
    return read_manifest(SmallArtifact({"train": [1, 2]}, declared=PLAIN).write(folder))


def _plan(text: str, manifest: Manifest) -> ModelPlan:
    return plan_model(parse(text, "m.yaml", ModelFile), manifest, "m.yaml")


def test_every_label_gets_the_head_of_its_kind(full: Manifest) -> None:
    heads = {h.name: (h.label.kind, h.units, h.loss, h.is_scalar) for h in _plan("", full).heads}
    assert heads == {
        "label": ("binary", 1, "binary_crossentropy", True),
        "topic": ("category", 2, "categorical_crossentropy", False),
        "tags": ("multilabel", 3, "binary_crossentropy", False),
        "score": ("number", 1, "mse", True),
        "place": ("number", 2, "mse", False),
    }


def test_labels_chooses_heads_and_their_order(full: Manifest) -> None:
    plan = _plan("labels: [score, label]\nheads: {score: {loss: huber, weight: 2}}", full)
    assert [(h.name, h.loss, h.weight) for h in plan.heads] == [
        ("score", "huber", 2.0),
        ("label", "binary_crossentropy", 1.0),
    ]


def test_features_on_one_vocabulary_share_an_encoder_only_if_declared(full: Manifest) -> None:
    assert list(_plan("", full).encoders) == ["text", "title"]
    assert list(_plan("", full).embeddings) == ["words.text", "words.title"]
    shared = _plan("text: {share: true}", full)
    assert {text.encoder for text in shared.texts} == {"words"}
    assert list(shared.embeddings) == ["words"]


def test_sizes_come_from_the_artifact(full: Manifest) -> None:
    text, title = _plan("text: {embedding: {dim: 7}}", full).texts
    assert (text.rows, text.dim, text.padding) == (6, 7, "post")
    assert title.padding == "pre"


MISFITS = {
    "unknown feature": (
        "features: {txt: {}}",
        "m.yaml: features.txt: got 'txt', expected a text feature of the artifact; "
        "did you mean 'text'?",
    ),
    "numeric feature": (
        "features: {stars: {}}",
        "m.yaml: features.stars: got 'stars', expected a text feature of the artifact; "
        "use one of text, title",
    ),
    "unknown head": (
        "heads: {labl: {}}",
        "m.yaml: heads.labl: got 'labl', expected a label of the artifact; did you mean 'label'?",
    ),
    "unknown label": (
        "labels: [tag]",
        "m.yaml: labels.tag: got 'tag', expected a label of the artifact; did you mean 'tags'?",
    ),
    "loss of another kind": (
        "heads: {label: {loss: mse}}",
        "m.yaml: heads.label.loss: got 'mse', expected one that fits a binary label "
        "(binary_crossentropy); change or remove it",
    ),
    "head of a label left out": (
        "labels: [label]\nheads: {topic: {weight: 2}}",
        "m.yaml: heads.topic: got a head for a label that `labels` leaves out, expected one of "
        "label; add 'topic' to labels or remove the head",
    ),
    "weights of a number": (
        "training: {class_weights: {score: balanced}}",
        "m.yaml: training.class_weights.score: got weights for a number label, expected a binary "
        "or category one; remove them",
    ),
    "weight of an unknown class": (
        "training: {class_weights: {topic: {arts: 2}}}",
        "m.yaml: training.class_weights.topic.arts: got 'arts', expected a class of the artifact; "
        "did you mean 'art'?",
    ),
    "shared, but unlike": (
        "text: {share: true}\nfeatures: {title: {encoder: {units: 3}}}",
        "m.yaml: features.title: got options that differ from those of 'text', expected the same, "
        "as both share the vocabulary 'words' and say share: true; set them under text, or "
        "share: false for one",
    ),
}


@pytest.mark.parametrize(("text", "expected"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_refused(text: str, expected: str, full: Manifest) -> None:
    with pytest.raises(SpecError) as error:
        _plan(text, full)
    assert str(error.value) == expected


def test_every_mistake_is_reported_at_once(full: Manifest) -> None:
    with pytest.raises(SpecError) as error:
        _plan("features: {a: {}, b: {}}\nheads: {c: {}}", full)
    assert len(str(error.value).splitlines()) == 3


def test_vectors_of_another_width_are_refused(tmp_path: Path, plain: Manifest) -> None:
    vectors = tmp_path / "v.txt"
    vectors.write_text("the 1 2 3\ncat 4 5 6\n")
    with pytest.raises(SpecError) as error:
        _plan(f"text: {{embedding: {{dim: 4, vectors: {vectors}}}}}", plain)
    assert str(error.value) == (
        f"m.yaml: features.text.embedding.dim: got 4, expected 3, the width of the vectors in "
        f"{vectors}; set dim: 3 or leave it out"
    )
    assert _plan(f"text: {{embedding: {{vectors: {vectors}}}}}", plain).texts[0].dim == 3


def test_an_artifact_without_labels_is_refused(tmp_path: Path) -> None:
    declared = {"features": {"text": {"max_length": 8}}}
    manifest = read_manifest(SmallArtifact({"train": [1]}, declared=declared).write(tmp_path))
    with pytest.raises(SpecError, match="got an artifact without labels"):
        _plan("", manifest)


def test_a_vocabulary_without_words_is_refused(plain: Manifest) -> None:
    empty = plain.model_copy(update={"vocabulary_sizes": {"words": 1}})
    with pytest.raises(SpecError, match="got the vocabulary 'words' without a single word"):
        _plan("", empty)


def test_a_shared_vocabulary_named_like_another_feature_is_refused(full: Manifest) -> None:
    features = {"words": full.spec.features["text"], **full.spec.features}
    manifest = full.model_copy(update={"spec": full.spec.model_copy(update={"features": features})})
    with pytest.raises(SpecError, match="expected no feature of that name with an encoder of its"):
        _plan("text: {share: true}\nfeatures: {words: {share: false}}", manifest)


def test_an_answer_named_like_another_label_is_refused(full: Manifest) -> None:
    labels = {**full.spec.labels, "topic_class": full.spec.labels["label"]}
    manifest = full.model_copy(update={"spec": full.spec.model_copy(update={"labels": labels})})
    with pytest.raises(SpecError, match="got the labels 'topic' and 'topic_class'"):
        _plan("", manifest)
    assert _plan("labels: [topic]", manifest).heads[0].name == "topic"


def test_an_embedding_beyond_what_memory_bears(full: Manifest) -> None:
    sizes = dict.fromkeys(full.vocabulary_sizes, 1_000_000)
    large = full.model_copy(update={"vocabulary_sizes": sizes})
    assert _plan("text: {embedding: {dim: 2147}}", large).texts[0].dim == 2147
    with pytest.raises(SpecError) as raised:
        _plan("text: {embedding: {dim: 2148}}\nfeatures: {title: {embedding: {dim: 1}}}", large)
    assert str(raised.value) == (
        "m.yaml: features.text.embedding: got 1,000,000 ids of 2,148 numbers, expected at most "
        "2,147,483,648 numbers together; lower dim, or the vocabulary's max_size"
    )


@pytest.mark.parametrize("name", ["topic", "tags"])
def test_a_label_without_a_class(full: Manifest, name: str) -> None:
    bare = full.model_copy(update={"classes": {**full.classes, name: []}})
    kind = full.spec.labels[name].kind
    for text in ("", f"labels: [score, {name}]"):
        with pytest.raises(SpecError) as raised:
            _plan(text, bare)
        assert str(raised.value) == (
            f"m.yaml: got the {kind} label {name!r} without a class in the train split, expected "
            "at least one; leave it out by `labels`, or build again with rows that have some"
        )
    assert [head.name for head in _plan("labels: [score, label]", bare).heads] == ["score", "label"]
