"""No number of a spec or a model file is unbounded, and what is beyond is refused in a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from preprocess.core.errors import SpecError
from preprocess.model_file import ModelFile
from preprocess.model_file.json_schemas import model_json_schema, spec_json_schema
from preprocess.spec import Spec
from preprocess.spec.load import parse

SCHEMAS = {"spec": spec_json_schema(), "model": model_json_schema()}
# What bounds each type, one of them being enough.
BOUNDS = {
    "integer": {"maximum", "exclusiveMaximum", "const", "enum"},
    "number": {"maximum", "exclusiveMaximum", "const", "enum"},
    "array": {"maxItems"},
    "string": {"maxLength", "pattern", "const", "enum"},
}


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of a schema, and where it stands."""
    if isinstance(node, list):
        for index, below in enumerate(node):
            yield from nodes(below, f"{path}.{index}")
    if isinstance(node, dict):
        yield path, node
        for key, below in node.items():
            yield from nodes(below, f"{path}.{key}")


def typed(schema: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [(path, node) for path, node in nodes(schema) if node.get("type") == kind]


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("kind", BOUNDS)
def test_everything_has_a_bound(name: str, kind: str) -> None:
    found = typed(SCHEMAS[name], kind)
    assert len(found) >= 2
    assert [path for path, node in found if not BOUNDS[kind] & node.keys()] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_mappings_of_any_keys_have_one_too(name: str) -> None:
    free = [
        (path, node)
        for path, node in typed(SCHEMAS[name], "object")
        if "patternProperties" in node or isinstance(node.get("additionalProperties"), dict)
    ]
    assert len(free) >= 4
    assert [path for path, node in free if "maxProperties" not in node] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_integer_beyond_int64_is_never_allowed(name: str) -> None:
    for path, node in typed(SCHEMAS[name], "integer"):
        assert node.get("maximum", node.get("exclusiveMaximum", 0)) <= 2**63, path
        assert "minimum" in node, path


TEXT = "features: {text: {}}\n"
WORDS = TEXT + "vocabularies: {words: {%s}}"
SPECS = {
    TEXT + "buckets: {multiple_of: 1000000000}": (
        "buckets.multiple_of: got 1000000000, expected at most 4096"
    ),
    "features: {text: {max_length: 1000001}}": (
        "features.text.max_length: got 1000001, expected at most 1000000"
    ),
    "features: {text: {max_length: 5}}\nbuckets: {boundaries: [5, 1000001]}": (
        "buckets.boundaries.1: got 1000001, expected at most 1000000"
    ),
    TEXT + "buckets: {count: 1000}\noutput: {shards: 101}": (
        "output.shards: got 101 shards of 1,000 buckets, expected at most 100,000 files of a "
        "split; set output.shards to 100 or less, or lower buckets.count"
    ),
    TEXT + "output: {shards: 10001}": "output.shards: got 10001, expected at most 10000",
    TEXT + "labels: {a: {kind: number, size: 65537}}": (
        "labels.a.size: got 65537, expected at most 65536"
    ),
    WORDS % "oov: {hash_buckets: 1000001}": (
        "vocabularies.words.oov.hash_buckets: got 1000001, expected at most 1000000"
    ),
    WORDS % "max_size: 10000001": (
        "vocabularies.words.max_size: got 10000001, expected at most 10000000"
    ),
    WORDS % "tokenizer: {kind: sentencepiece, train: {vocab_size: 1000001}}": (
        "vocabularies.words.tokenizer.train.vocab_size: got 1000001, expected at most 1000000"
    ),
    WORDS % "tokenizer: {kind: wordpiece, max_characters: 100001}": (
        "vocabularies.words.tokenizer.max_characters: got 100001, expected at most 100000"
    ),
    TEXT + "rejects: {max_fraction: .nan}": (
        "rejects.max_fraction: got NaN, expected a finite number"
    ),
    "features: {%s: {}}" % ("a" * 230): (
        f"features.{'a' * 77}...: got 230 characters, expected at most 100; shorten it"
    ),
    WORDS % f"reserved_tokens: [{', '.join(f't{n}' for n in range(10_001))}]": (
        "vocabularies.words.reserved_tokens: got 10,001 entries, expected at most 10,000; "
        "shorten it"
    ),
    TEXT + "labels: {a: {kind: multilabel, separator: %s}}" % ("a" * 1_001): (
        "labels.a.separator: got 1,001 characters, expected at most 1,000; shorten it"
    ),
}
MODELS = {
    "text: {encoder: {units: 1000000000}}": (
        "text.encoder.units: got 1000000000, expected at most 8192"
    ),
    "text: {encoder: {kind: gru, layers: 17}}": "text.encoder.layers: got 17, expected at most 16",
    "text: {embedding: {dim: 4097}}": "text.embedding.dim: got 4097, expected at most 4096",
    "text: {projection: {units: 8193}}": ("text.projection.units: got 8193, expected at most 8192"),
    "dense: [1, 16385]": "dense.1: got 16385, expected at most 16384",
    f"dense: {[1] * 17}": "dense: got 17 entries, expected at most 16; shorten it",
    "training: {learning_rate: .inf}": (
        "training.learning_rate: got Infinity, expected a finite number"
    ),
    "training: {clip_norm: .nan}": "training.clip_norm: got NaN, expected a finite number",
    "training: {class_weights: {a: {b: .inf}}}": (
        "training.class_weights.a.classes.b: got Infinity, expected a finite number"
    ),
    "training: {epochs: 100001}": "training.epochs: got 100001, expected at most 100000",
    "training: {batch_size: 65537}": "training.batch_size: got 65537, expected at most 65536",
    "heads: {a: {weight: 1.0e+300}}": "heads.a.weight: got 1e+300, expected at most 1000000",
}


@pytest.mark.parametrize("text", SPECS, ids=lambda text: text[-40:])
def test_a_spec_beyond_them(text: str) -> None:
    assert line(text, Spec) == f"f.yaml: {SPECS[text]}"


@pytest.mark.parametrize("text", MODELS, ids=lambda text: text[-40:])
def test_a_model_file_beyond_them(text: str) -> None:
    assert line(text, ModelFile) == f"f.yaml: {MODELS[text]}"


def line(text: str, model: type[Spec | ModelFile]) -> str:
    with pytest.raises(SpecError) as raised:
        parse(text, "f.yaml", model)
    return str(raised.value)


def test_shards_by_size_are_bounded_when_they_are_counted() -> None:
    boundaries = list(range(1, 1_025))
    text = f"features: {{text: {{max_length: 5}}}}\nbuckets: {{boundaries: {boundaries}}}\n"
    assert parse(text, "f.yaml", Spec).output.shards == "auto"


def test_boundaries_count_as_files_too() -> None:
    boundaries = list(range(1, 1_001))
    text = f"features: {{text: {{max_length: 5}}}}\nbuckets: {{boundaries: {boundaries}}}\n"
    parse(text + "output: {shards: 100}", "f.yaml", Spec)
    assert "got 101 shards of 1,000 buckets" in line(text + "output: {shards: 101}", Spec)
