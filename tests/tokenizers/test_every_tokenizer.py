"""What holds for each tokenizer, whatever its rules."""

import pickle
import re

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import run_python
from pydantic import TypeAdapter, ValidationError
from subword_files import MODELS, model_file, vocabulary_file

from beam_jobs.runtime.packing import binary_between
from preprocess.tokenizers import (
    AnyTokenizer,
    Characters,
    Keras,
    Mecab,
    Regex,
    Sentencepiece,
    Tokens,
    UnicodeScript,
    Whitespace,
    Wordpiece,
)

TOKENIZERS = [
    Keras(),
    Keras(char_level=True),
    Keras(filters="", split="ab"),
    Whitespace(),
    Regex(split=r"\s+"),
    Regex(keep=r"\w+"),
    UnicodeScript(),
    Characters(normalize=["lower"]),
    Mecab(),
    Mecab(normalize=["nfkc"], form="base", drop=["記号", "助詞,格助詞"]),
    Sentencepiece(model=model_file()),
    Sentencepiece(model=model_file(**MODELS["bytes"]), normalize=["nfkc"]),
    Wordpiece(vocabulary=vocabulary_file()),
    Tokens(),
    Tokens(normalize=["nfkc", "strip_html"]),
]

AWKWARD = [
    "",
    "a",
    "É Σ",
    "\0",
    " \n",
    "日本　語",
    "e\u0301",
    "👩‍👩‍👧",
    b"\xff",
    b"a\xe3 \xff b\xff",
]

# Its tables are variables, which tf.Transform tracks in a build: tests/mecab saves them.
WITH_VARIABLES = ["mecab"]


def named(tokenizer):
    """The options, of paths the file's name alone: folders change from run to run."""
    return re.sub(r"'[^']*/", "'", repr(tokenizer))


each = pytest.mark.parametrize("tokenizer", TOKENIZERS, ids=named)
any_tokenizer = TypeAdapter(AnyTokenizer)


def test_none_is_missing_here():
    kinds = any_tokenizer.json_schema()["discriminator"]["mapping"]
    assert {tokenizer.kind for tokenizer in TOKENIZERS} == set(kinds)


@each
@settings(max_examples=5)
@given(texts=st.lists(st.text() | st.binary(), max_size=40))
def test_no_token_is_empty_and_rows_stand_alone(tokens, tokenizer, texts):
    rows = tokens(tokenizer, texts)
    assert all(token for row in rows for token in row)
    assert rows == [tokens(tokenizer, [text])[0] for text in texts]


@each
@settings(max_examples=20)
@given(texts=st.lists(st.text() | st.text(" ,.ab\n\xa0\u3000") | st.binary(), max_size=40))
def test_the_bytes_of_tokens_are_the_tokens(batch_of, tokenizer, texts):
    batch = batch_of(tokenizer, texts)
    tokens = tokenizer(batch)
    found = tokenizer.token_bytes(batch, tokens)
    pieces = binary_between(found.bytes.numpy(), found.bounds.numpy())
    assert pieces.to_pylist() == tokens.flat_values.numpy().tolist()
    assert found.lengths.numpy().tolist() == tokens.row_lengths().numpy().tolist()


@each
@pytest.mark.parametrize("size", [0, 1, len(AWKWARD)])
def test_batches_of_any_size(tokens, tokenizer, size):
    rows = tokens(tokenizer, AWKWARD[:size])
    assert len(rows) == size
    assert rows[:1] == [[]][:size]


@each
def test_eager_equals_traced(tokens, batch_of, tokenizer):
    eager = tokenizer(batch_of(tokenizer, AWKWARD)).to_list()
    traced = tokens(tokenizer, AWKWARD)
    assert [[t.decode(errors="backslashreplace") for t in row] for row in eager] == traced


@each
def test_can_be_used(tokenizer):
    tokenizer.check()


@each
def test_relative_paths_start_at_the_folder(tokenizer):
    moved = tokenizer.starting_at("/elsewhere")
    assert moved == tokenizer  # the paths here are absolute, or names
    options = ("model", "vocabulary", "dictionary")
    paths = {name: "here" for name in options if getattr(tokenizer, name, None)}
    relative = tokenizer.model_copy(update=paths)
    expected = tokenizer.model_copy(update=dict.fromkeys(paths, "some/folder/here"))
    assert relative.starting_at("some/folder") == expected


@pytest.mark.parametrize(
    "tokenizer", [t for t in TOKENIZERS if t.kind not in WITH_VARIABLES], ids=named
)
def test_survives_a_saved_model(tmp_path, batch_of, tokenizer):
    batch = batch_of(tokenizer, AWKWARD)
    module = tf.Module()
    signature = [tf.TensorSpec([None], tf.string)]
    if tokenizer.raw.is_ragged:
        signature = [tf.RaggedTensorSpec([None, None], tf.string, row_splits_dtype=tf.int64)]
    module.split = tf.function(
        lambda texts: tokenizer(texts).to_tensor(), input_signature=signature
    )
    tf.saved_model.save(module, str(tmp_path))
    loaded = tf.saved_model.load(str(tmp_path))
    assert loaded.split(batch).numpy().tolist() == tokenizer(batch).to_tensor().numpy().tolist()


@each
def test_pickles_and_round_trips(tokenizer):
    assert pickle.loads(pickle.dumps(tokenizer)) == tokenizer
    assert any_tokenizer.validate_python(tokenizer.model_dump()) == tokenizer
    assert any_tokenizer.validate_json(tokenizer.model_dump_json()) == tokenizer


@each
def test_is_frozen_and_knows_its_options(tokenizer):
    with pytest.raises(ValidationError):
        tokenizer.kind = "other"
    with pytest.raises(ValidationError):
        type(tokenizer)(**tokenizer.model_dump(), nonsense=1)


def test_options_are_described():
    definitions = any_tokenizer.json_schema()["$defs"]
    for definition in definitions.values():
        options = {k: v for k, v in definition["properties"].items() if k != "kind"}
        assert all("description" in option for option in options.values())


def test_options_need_no_tensorflow():
    code = "import sys; from preprocess.tokenizers import Regex; Regex(keep='a');"
    code += "print('tensorflow' in sys.modules)"
    assert run_python("-c", code).stdout.strip() == "False"
