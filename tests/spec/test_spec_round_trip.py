"""Specs that are fine: what is read, what is filled in, and what comes back from JSON."""

from __future__ import annotations

import json
import pickle

import pytest
import yaml
from design_example import DESIGN_EXAMPLE, plain
from hypothesis import given
from hypothesis import strategies as st

from preprocess.core.ids import IdLayout
from preprocess.spec import (
    BinaryLabel,
    ColumnSplit,
    HashBuckets,
    HashSplit,
    NumericFeature,
    Spec,
    TextFeature,
    Vocabulary,
    load_spec,
    parse_spec,
)
from preprocess.tokenizers import Keras

TEXT = "features: {text: {}}\n"


def _through_json(spec: Spec) -> Spec:
    return Spec.model_validate(json.loads(json.dumps(spec.model_dump(mode="json"))))


def test_design_example_is_read_as_written() -> None:
    spec = parse_spec(DESIGN_EXAMPLE)
    assert spec.features == {
        "text": TextFeature(vocabulary="words", max_length=500, truncating="post", padding="post"),
        "rating": NumericFeature(scale="z_score"),
    }
    assert spec.labels == {"label": BinaryLabel()}
    assert spec.vocabularies == {
        "words": Vocabulary(
            tokenizer=Keras(), max_size=20000, min_count=1, oov="token", ties="bytes"
        )
    }
    assert spec.splits == HashSplit(by="id", fractions={"train": 0.9, "validation": 0.1})
    assert spec.kept == ["id"]
    assert (spec.buckets.by, spec.buckets.count, spec.buckets.boundaries) == ("text", 8, None)
    assert spec.rejects.max_fraction == 0.01
    assert spec.output.model_dump() == {"shards": 4, "compression": "gzip", "seed": 0}


def test_design_example_round_trips() -> None:
    spec = parse_spec(DESIGN_EXAMPLE)
    assert _through_json(spec) == spec
    assert parse_spec(json.dumps(plain())) == spec
    assert parse_spec(yaml.safe_dump(spec.model_dump(mode="json"))) == spec
    assert pickle.loads(pickle.dumps(spec)) == spec


@pytest.mark.parametrize("key", plain())
def test_every_key_of_the_example_survives(key: str) -> None:
    dumped = parse_spec(DESIGN_EXAMPLE).model_dump(mode="json")
    assert _contains(dumped[key], plain()[key])


def _contains(whole: object, part: object) -> bool:
    """Whether `whole` says everything that `part` does."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _contains(whole[key], part[key]) for key in part)
    return whole == part


OTHERS = {
    "hash buckets": "vocabularies: {words: {oov: {hash_buckets: 8}}}",
    "drop": "vocabularies: {words: {oov: drop, ties: first_seen, reserved_tokens: ['[MASK]']}}",
    "column split": "splits: {column: usage, map: {train: train, dev: validation}}",
    "boundaries": "buckets: {boundaries: [64, 128]}\nfeatures: {text: {max_length: 128}}",
    "regex": "vocabularies: {words: {tokenizer: {kind: regex, keep: '\\w+', normalize: [lower]}}}",
    "labels": (
        "labels: {a: {kind: category}, b: {kind: multilabel, separator: ;}, "
        "c: {kind: number, size: 3}, d: {kind: number}}"
    ),
    "two features, one vocabulary": "features: {a: {}, b: {padding: pre, truncating: pre}}",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_others_round_trip(text: str) -> None:
    spec = parse_spec(text if "features" in text else TEXT + text)
    assert _through_json(spec) == spec
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_defaults() -> None:
    assert parse_spec(TEXT).model_dump(mode="json") == {
        "features": {
            "text": {
                "column": None,
                "kind": "text",
                "vocabulary": "words",
                "max_length": None,
                "truncating": "post",
                "padding": "post",
            }
        },
        "labels": {},
        "vocabularies": {
            "words": {
                "tokenizer": {
                    "normalize": [],
                    "kind": "keras",
                    "lower": True,
                    "filters": '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n',
                    "split": " ",
                    "char_level": False,
                },
                "max_size": None,
                "min_count": 1,
                "oov": "token",
                "ties": "bytes",
                "reserved_tokens": [],
            }
        },
        "splits": None,
        "keep": [],
        "formats": {},
        "buckets": {"by": None, "count": 8, "multiple_of": 1, "boundaries": None},
        "rejects": {"max_fraction": 0.01, "max_bytes": 16 << 20},
        "output": {"shards": "auto", "compression": "gzip", "seed": 0},
    }


SAME = {
    "a feature of null": "features:\n  text:\n",
    "an empty key": TEXT + "labels:\nvocabularies:\nkeep:\nsplits:\nbuckets:\n",
    "a vocabulary of null": TEXT + "vocabularies:\n  words:\n",
    "JSON": '{"features": {"text": {}}}',
    "kind written": "features: {text: {kind: text}}",
    "tokenizer without kind": TEXT + "vocabularies: {words: {tokenizer: {lower: true}}}",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_all_of_these_mean_the_defaults(text: str) -> None:
    assert parse_spec(text) == parse_spec(TEXT)


def test_an_own_vocabulary_beside_the_default_one() -> None:
    spec = parse_spec("features: {a: {vocabulary: own}, b: {}}\nvocabularies: {own: {}}")
    assert set(spec.vocabularies) == {"own", "words"}


def test_keys_of_a_split_map_become_text() -> None:
    spec = parse_spec(TEXT + "splits: {column: c, map: {0: train, true: test, x: test}}")
    assert isinstance(spec.splits, ColumnSplit)
    assert spec.splits.map == {"0": "train", "true": "test", "x": "test"}
    assert spec.splits.names == ["train", "test"]


def test_a_merge_key_may_be_overruled() -> None:
    spec = parse_spec("features:\n  a: &a {max_length: 5}\n  b: {<<: *a, max_length: 6}")
    assert [feature.max_length for feature in spec.text_features.values()] == [5, 6]


def test_columns_and_parts() -> None:
    spec = parse_spec(DESIGN_EXAMPLE)
    assert list(spec.text_features) == ["text"]
    assert list(spec.numeric_features) == ["rating"]
    assert spec.class_labels == {}
    assert spec.bucket_feature == "text"
    assert spec.split_column == "id"
    assert spec.columns == ["text", "rating", "label", "id"]


def test_bucket_feature_is_the_first_text_feature() -> None:
    assert parse_spec("features: {n: {kind: numeric}, b: {}, a: {}}").bucket_feature == "b"


@pytest.mark.parametrize(
    ("oov", "layout"),
    [
        ("drop", IdLayout(0, 1)),
        ("token", IdLayout(1, 1)),
        (HashBuckets(hash_buckets=3), IdLayout(3, 1)),
    ],
)
def test_id_layout(oov: object, layout: IdLayout) -> None:
    assert Vocabulary.model_validate({"oov": oov, "reserved_tokens": ["[M]"]}).ids == layout
    assert layout.first_word == layout.oov + 2
    assert [i for i in range(9) if layout.is_oov(i)] == list(range(1, layout.oov + 1))


def test_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse_spec(TEXT).output.seed = 1


def test_load_spec_reads_a_file(tmp_path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text("features: {テキスト列: {}}".replace("テキスト列", "text"), encoding="utf-8")
    assert load_spec(str(path)) == parse_spec(TEXT)


@given(
    st.builds(
        dict,
        max_size=st.none() | st.integers(1, 10_000_000),
        min_count=st.integers(1, 100),
        oov=st.sampled_from(["drop", "token"])
        | st.builds(dict, hash_buckets=st.integers(1, 1_000_000)),
        ties=st.sampled_from(["bytes", "first_seen"]),
        reserved_tokens=st.lists(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True
        ),
    )
)
def test_any_vocabulary_round_trips(vocabulary: dict) -> None:
    spec = Spec.model_validate({"features": {"text": {}}, "vocabularies": {"words": vocabulary}})
    assert _through_json(spec) == spec
    dumped = spec.vocabularies["words"].model_dump(mode="json")
    assert {key: dumped[key] for key in vocabulary} == vocabulary
