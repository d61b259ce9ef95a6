"""What a model file may say, and what is said about a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from encoder_kinds import ENCODER_KINDS
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from preprocess.core.errors import SpecError
from preprocess.encoders import Average, Encoder, Gru, Lstm
from preprocess.model_file import ModelFile, TextOptions, load_model_file
from preprocess.model_file.json_schemas import model_json_schema, write
from preprocess.spec.load import parse

ROOT = Path(__file__).parents[2]

# Of the project's design, with each of its keys.
DESIGN = """
text:
  embedding: {dim: 32, vectors: vectors.txt, trainable: false}
  projection: {units: 128, use_bias: false}
  encoder: {kind: lstm, units: 100, layers: 1, bidirectional: false, dropout: 0.0, pooling: last}
  share: false
features:
  question: {embedding: {dim: 32}, encoder: {units: 16}}
dense: [64]
heads:
  score: {loss: mse, weight: 0.5}
training: {optimizer: adam, learning_rate: 0.001, epochs: 3, batch_size: 64, batch_tokens: null,
           seed: 0, early_stopping: null}
"""
MORE = """
text: {encoder: {kind: gru, pooling: max}}
features: {a: null, b: {projection: null, encoder: {kind: average}}}
labels: [label]
dropout: 0.5
heads: {label: }
training:
  schedule: cosine
  warmup: 0.1
  clip_norm: 1
  batch_tokens: 4096
  validation: dev
  early_stopping: {patience: 3}
  class_weights: {label: balanced, topic: {art: 2, 1: 0.5}}
"""
MISTAKES = {
    "unknown key": ("txt: {}", "txt: got an unknown key; did you mean 'text'?"),
    "number below 1": (
        "text: {encoder: {units: 0}}",
        "text.encoder.units: got 0, expected at least 1",
    ),
    "lstm": (
        "text: {lstm: {units: 9}}",
        "text.lstm: got the key lstm, expected encoder, of which lstm is a kind; write "
        "encoder: {kind: lstm, ...} with the options that stand there",
    ),
    "lstm of a feature": (
        "features: {a: {lstm: {units: 9}}}",
        "features.a.lstm: got the key lstm, expected encoder, of which lstm is a kind; write",
    ),
    "unknown kind": (
        "text: {encoder: {kind: rnn}}",
        "text.encoder.kind: got \"rnn\", expected one of 'lstm', 'average', 'gru'",
    ),
    "option of another kind": (
        "text: {encoder: {kind: average, units: 9}}",
        "text.encoder.units: got an unknown key; use 'kind'",
    ),
    "no encoder": (
        "text: {encoder: }",
        "text.encoder: got null, expected a mapping such as {kind: lstm}",
    ),
    "rate of one": ("dropout: 1", "dropout: got 1, expected less than 1"),
    "unknown loss": ("heads: {a: {loss: mean}}", 'heads.a.loss: got "mean", expected \'binary_c'),
    "weight of zero": ("heads: {a: {weight: 0}}", "heads.a.weight: got 0, expected more than 0"),
    "no mapping": ("text: 3", "text: got 3, expected a mapping"),
    "no label": ("labels: []", "labels: got [], expected at least one entry"),
    "both batches": (
        "training: {batch_size: 1, batch_tokens: 2}",
        "training: got batch_size 1 and batch_tokens 2, expected one of the two; remove one",
    ),
    "warmup alone": (
        "training: {warmup: 0.1}",
        "training.warmup: got 0.1 without a schedule, expected schedule: cosine beside it",
    ),
    "class weights": (
        "training: {class_weights: {a: even}}",
        "training.class_weights.a: got 'even', expected balanced or a mapping {CLASS: weight}",
    ),
    "class weight of zero": (
        "training: {class_weights: {a: {x: 0}}}",
        "training.class_weights.a.classes.x: got 0, expected more than 0",
    ),
    "name of a feature": ("features: {a/b: {}}", 'features.a/b: got "a/b", expected a name of'),
}


def _parsed(text: str) -> ModelFile:
    return parse(text, "model.yaml", ModelFile)


def test_an_empty_file_has_every_default() -> None:
    model = _parsed("")
    assert model == ModelFile()
    options = model.options("any")
    assert (options.embedding.dim, options.embedding.trainable) == (None, True)
    assert options.encoder == Lstm(units=100, layers=1, pooling="last")
    assert (model.training.optimizer, model.training.epochs) == ("adam", 3)


def test_an_override_changes_what_it_names_and_nothing_else() -> None:
    model = _parsed(DESIGN)
    assert model.options("story") == model.text
    question = model.options("question")
    assert (question.embedding.dim, question.encoder) == (32, Lstm(units=16))
    assert question.embedding.vectors == "vectors.txt" and not question.embedding.trainable
    assert question.projection == model.text.projection


def test_an_override_may_take_the_projection_away() -> None:
    model = _parsed("text: {projection: {units: 4}}\nfeatures: {a: {projection: null}, b: }")
    assert model.options("a").projection is None
    assert model.options("b").projection is not None


OVERRIDES = {
    "no kind": ("{kind: gru, units: 5, layers: 2}", "{units: 6}", Gru(units=6, layers=2)),
    "the same kind": ("{kind: gru, layers: 2}", "{kind: gru, units: 6}", Gru(units=6, layers=2)),
    "the default": ("{units: 5, layers: 2}", "{kind: lstm, units: 6}", Lstm(units=6, layers=2)),
    "another kind": ("{kind: gru, units: 5, layers: 2}", "{kind: lstm}", Lstm()),
    "a kind without options": ("{units: 5}", "{kind: average}", Average()),
    "from one without": ("{kind: average}", "{kind: gru, units: 6}", Gru(units=6)),
    "nothing": ("{kind: gru, units: 5}", "{}", Gru(units=5)),
}


@pytest.mark.parametrize(("text", "feature", "expected"), OVERRIDES.values(), ids=OVERRIDES)
def test_another_kind_of_encoder_replaces_the_block(
    text: str, feature: str, expected: Encoder
) -> None:
    model = _parsed(f"text: {{encoder: {text}}}\nfeatures: {{a: {{encoder: {feature}}}}}")
    assert model.options("a").encoder == expected
    assert ModelFile.model_validate_json(model.model_dump_json(exclude_unset=True)) == model


# A value of each option that is not its default.
OTHER = {"units": 3, "layers": 2, "bidirectional": True, "dropout": 0.5, "pooling": "max"}


def _encoders() -> st.SearchStrategy[Encoder]:
    """Any kind, with some of its options set to what is not their default."""
    return st.one_of(
        st.sets(st.sampled_from(sorted(kind.model_fields.keys() & OTHER) or [""])).map(
            lambda names, kind=kind: kind(**{n: OTHER[n] for n in names if n})
        )
        for kind in ENCODER_KINDS.values()
    )


@given(below=_encoders(), above=_encoders())
def test_an_override_sets_options_of_its_own_kind_alone(below: Encoder, above: Encoder) -> None:
    found = TextOptions(encoder=below).overridden(TextOptions(encoder=above)).encoder
    assert type(found) is type(above)
    kept = below.model_dump(exclude_unset=True) if below.kind == above.kind else {}
    assert found == type(above)(**{**kept, **above.model_dump(exclude_unset=True)})


def test_an_option_that_the_kind_of_the_text_lacks_is_refused() -> None:
    with pytest.raises(SpecError) as error:
        _parsed("text: {encoder: {kind: average}}\nfeatures: {a: {encoder: {units: 9}}}")
    assert str(error.value) == (
        "model.yaml: features.a.encoder.units: got an unknown key; use 'kind'"
    )


@pytest.mark.parametrize("text", [DESIGN, MORE])
def test_goes_through_json_and_back(text: str) -> None:
    model = _parsed(text)
    data = json.loads(model.model_dump_json(exclude_unset=True))
    again = ModelFile.model_validate(data)
    assert again == model
    assert all(again.options(name) == model.options(name) for name in ("a", "b", "question"))


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_reported_with_its_path(text: str, expected: str) -> None:
    with pytest.raises(SpecError) as error:
        _parsed(text)
    assert str(error.value).startswith(f"model.yaml: {expected}")


def test_vectors_lie_beside_the_model_file(tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(
        "text: {embedding: {vectors: v.txt}}\nfeatures: {a: {embedding: {vectors: /abs/w.txt}}}"
    )
    model = load_model_file(str(path))
    assert model.options("b").embedding.vectors == str(tmp_path / "v.txt")
    assert model.options("a").embedding.vectors == "/abs/w.txt"


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"cannot be read .*expected a model file in UTF-8"):
        load_model_file(str(tmp_path / "none.yaml"))


def test_committed_json_schema_is_up_to_date(tmp_path: Path) -> None:
    write(str(tmp_path))
    name = "model.schema.json"
    assert (ROOT / "schemas" / name).read_text() == (tmp_path / name).read_text(), (
        "run `python -m preprocess.model_file.json_schemas schemas/`"
    )


@pytest.mark.parametrize("text", ["{}", DESIGN, MORE])
def test_json_schema_takes_what_is_right(text: str) -> None:
    Draft202012Validator(model_json_schema()).validate(_with_text_keys(yaml.safe_load(text)))


# What holds between keys is beyond a schema.
BETWEEN_KEYS = ("both batches", "warmup alone")


@pytest.mark.parametrize("name", [name for name in MISTAKES if name not in BETWEEN_KEYS])
def test_json_schema_refuses_what_is_wrong(name: str) -> None:
    data = _with_text_keys(yaml.safe_load(MISTAKES[name][0]))
    assert not Draft202012Validator(model_json_schema()).is_valid(data)


def _with_text_keys(data: object) -> object:
    """JSON has no other keys."""
    if isinstance(data, dict):
        return {str(key): _with_text_keys(value) for key, value in data.items()}
    return data
