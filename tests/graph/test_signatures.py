"""Signatures of a SavedModel whose inputs bear any name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import run_python

from preprocess.core.declared import PLAIN_NAME
from preprocess.graph.signatures import Signature, ask, save_with_signatures

TEXT = tf.TensorSpec([None], tf.string)
NUMBER = tf.TensorSpec([None], tf.float32)
KEYWORDS = ["my-text", "review.text", "1text", "text", "Text", "class", "None", "lambda", "x_", "n"]
# No function takes these as keywords: TensorFlow makes one name of three, Python knows `self`.
SHARED = ["a.b", "a-b", "a_b", "self"]
SAFE = ["column_00000", "column_00001", "column_00003"]  # as those that functions are traced over
BY_KEYWORD = """
import json, sys
import tensorflow as tf
answer = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
given = {name: tf.constant([name]) for name in json.loads(sys.argv[2])}
print(json.dumps({name: value.numpy()[0].decode() for name, value in answer(**given).items()}))
"""


def _saved(folder: Path, names: list[str]) -> Path:
    """Answers every input under its own name."""
    signature = Signature(dict, dict.fromkeys(names, TEXT))
    save_with_signatures(tf.Module(), str(folder), {"serving_default": signature})
    return folder


def _loaded(folder: Path) -> Any:
    return tf.saved_model.load(str(folder)).signatures["serving_default"]


def _echoes(signature: Any, names: list[str]) -> bool:
    answers = ask(signature, {name: tf.constant([name]) for name in names})
    return {name: value.numpy().tolist() for name, value in answers.items()} == {
        name: [name.encode()] for name in names
    }


def test_names_are_kept(tmp_path: Path) -> None:
    names = [*KEYWORDS, *SHARED, *SAFE]
    signature = _loaded(_saved(tmp_path, names))
    [dicts], keywords = signature.structured_input_signature
    assert {*dicts, *keywords} == set(names)
    assert set(dicts) == {*SHARED, "class", "None", "lambda"}
    assert {name: spec.name for name, spec in {**dicts, **keywords}.items()} == {
        name: name for name in names
    }
    assert set(signature.structured_outputs) == set(names)
    assert _echoes(signature, names)


def test_names_are_kept_where_no_python_reads_them(tmp_path: Path) -> None:
    names = [*KEYWORDS, *SHARED, *SAFE]
    saved = tf.compat.v1.saved_model.load
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        graph = saved(session, ["serve"], str(_saved(tmp_path, names)))
        definition = graph.signature_def["serving_default"]
        given = {tensor.name: [name] for name, tensor in definition.inputs.items()}
        outputs = {name: tensor.name for name, tensor in definition.outputs.items()}
        answers = session.run(outputs, given)
    assert {name: value.tolist() for name, value in answers.items()} == {
        name: [name.encode()] for name in names
    }


@pytest.mark.slow
def test_a_fresh_process_gives_keywords_alone(tmp_path: Path) -> None:
    names = json.dumps(KEYWORDS)
    answered = run_python("-P", "-c", BY_KEYWORD, _saved(tmp_path, KEYWORDS), names)
    assert json.loads(answered.stdout) == {name: name for name in KEYWORDS}


@pytest.mark.parametrize("name", ["self", "text", "class"])
def test_the_only_input_needs_no_name(tmp_path: Path, name: str) -> None:
    answers = _loaded(_saved(tmp_path, [name]))(tf.constant(["x"]))
    assert answers[name].numpy().tolist() == [b"x"]


def test_inputs_of_other_types_stay_apart(tmp_path: Path) -> None:
    inputs = {"b.b": TEXT, "a": NUMBER, "b-b": NUMBER, "class": TEXT, "Z": NUMBER}
    save_with_signatures(tf.Module(), str(tmp_path), {"serving_default": Signature(dict, inputs)})
    columns = {
        name: tf.constant([name] if spec is TEXT else [float(place)])
        for place, (name, spec) in enumerate(inputs.items())
    }
    answers = ask(_loaded(tmp_path), columns)
    assert {name: value.numpy().tolist() for name, value in answers.items()} == {
        "b.b": [b"b.b"], "a": [1.0], "b-b": [2.0], "class": [b"class"], "Z": [4.0],
    }  # fmt: skip


def test_what_was_loaded_can_be_saved_again(tmp_path: Path) -> None:
    names = [*KEYWORDS, *SHARED]
    module = tf.Module()
    module.inner = tf.saved_model.load(str(_saved(tmp_path / "first", names)))
    inner = module.inner.signatures["serving_default"]
    again = Signature(lambda columns: ask(inner, columns), dict.fromkeys(names, TEXT))
    save_with_signatures(module, str(tmp_path / "second"), {"serving_default": again})
    assert _echoes(_loaded(tmp_path / "second"), names)


@settings(max_examples=10)
@given(
    names=st.lists(st.from_regex(PLAIN_NAME, fullmatch=True), min_size=1, max_size=5, unique=True)
)
def test_any_plain_names_are_kept(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    assert _echoes(_loaded(_saved(tmp_path_factory.mktemp("any"), names)), names)
