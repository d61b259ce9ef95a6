"""Oracle: the `sentencepiece` library."""

import gzip
import sys
from pathlib import Path

import pytest
import sentencepiece
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import run_in_each
from subword_files import LFS_POINTER, MODELS, ODD, SENTENCES, model_file, model_with, written

from preprocess.core.errors import SpecError, UsageError
from preprocess.tokenizers import Sentencepiece
from preprocess.tokenizers.sentencepiece_training import SentencepieceTraining, train_sentencepiece

TEXTS = st.lists(
    st.text() | st.text("catdogmT\u3000 \t\n\0\u2581<s>/unk0x日猫éКо\u0301.[MASK]"), max_size=60
)

every_model = pytest.mark.parametrize("name", MODELS)


def oracle(path, texts):
    """The names of the library's ids."""
    model = sentencepiece.SentencePieceProcessor(model_file=path)
    return [[model.id_to_piece(i) for i in ids] for ids in model.encode(texts)]


@every_model
@settings(max_examples=15)
@given(texts=TEXTS)
def test_pieces_equal_those_of_the_library(tokens, name, texts):
    path = model_file(**MODELS[name])
    assert tokens(Sentencepiece(model=path), texts) == oracle(path, texts)


@pytest.mark.parametrize("name", ["unigram", "bytes"])
def test_every_character(tokens, all_characters, name):
    path = model_file(**MODELS[name])
    texts = [f"{c}a{c}" for c in all_characters[:0x3400]]
    later = all_characters[0x3400 :: 7 if name == "bytes" else 1]  # byte-pair encoding is slow
    texts += ["".join(later[i : i + 30]) for i in range(0, len(later), 30)]
    assert tokens(Sentencepiece(model=path), texts) == oracle(path, texts)


def test_invalid_bytes(tokens):
    path = model_file()
    texts = [b"a\xff cat", b"\xe3\x81", b"cat\xf0", b"\xff\xff the"]
    assert tokens(Sentencepiece(model=path), texts) == oracle(path, texts)


def test_unknown_text_that_equals_a_piece_is_unknown(tokens):
    path = model_file(bos_piece="ЮЮ")
    model = sentencepiece.SentencePieceProcessor(model_file=path)
    assert "ЮЮ" in model.encode("ЮЮ", out_type=str), "shows nothing: the text is known"
    assert tokens(Sentencepiece(model=path), ["ЮЮ"]) == [["▁", "<unk>"]]


def test_normalizations_come_first(tokens):
    path = model_file()
    tokenizer = Sentencepiece(model=path, normalize=["strip_html", "lower"])
    assert tokens(tokenizer, ["The <b>CAT</b>"]) == oracle(path, ["the  cat "])


@every_model
def test_the_inventory(name):
    path = model_file(**MODELS[name])
    model = sentencepiece.SentencePieceProcessor(model_file=path)
    inventory = Sentencepiece(model=path).inventory()
    assert inventory.pieces == [model.id_to_piece(i) for i in range(len(model))]
    assert inventory.unknown_piece == "<unk>"
    assert inventory.words == list(inventory.pieces[0 if name == "padding first" else 1 :])


def test_the_graph_needs_no_file(tmp_path):
    path = written("m.model", Path(model_file()).read_bytes())
    tokenizer = Sentencepiece(model=path)
    module = tf.Module()
    module.split = tf.function(
        lambda texts: tokenizer(texts).to_tensor(), [tf.TensorSpec([None], tf.string)]
    )
    tf.saved_model.save(module, str(tmp_path / "saved"))
    Path(path).unlink()
    answer = tf.saved_model.load(str(tmp_path / "saved")).split(tf.constant(["the cat"]))
    assert [[p.decode() for p in row] for row in answer.numpy()] == oracle(
        model_file(), ["the cat"]
    )


@pytest.mark.parametrize("content", [b"", b"a\nb\n", b"\0" * 40, "cut short"])
def test_a_damaged_model(content):
    whole = Path(model_file()).read_bytes()
    path = written("m.model", whole[:3000] if content == "cut short" else content)
    with pytest.raises(SpecError, match=r"m\.model: got .*, expected a SentencePiece model; give"):
        Sentencepiece(model=path).check()


ODD_IN_MODEL = [*filter(None, ODD), "\r", "x\ry", "\n", "x\ny"]


def test_odd_pieces(tokens):
    path = written("m.model", model_with(*ODD_IN_MODEL))
    texts = [*ODD_IN_MODEL, "the " + " the ".join(ODD_IN_MODEL)]
    tokenizer = Sentencepiece(model=path)
    assert tokenizer.inventory().pieces[-len(ODD_IN_MODEL) :] == ODD_IN_MODEL
    assert tokens(tokenizer, texts) == oracle(path, texts)


IMPOSSIBLE = {
    "a NUL": (["the", "x\0y"], r"piece (\d+), 'x\\x00y', expected pieces in UTF-8 without NULs"),
    "no UTF-8": ([b"piece\xff0"], r"piece (\d+), b'piece\\xff0', expected pieces in UTF-8"),
    "empty": ([""], "a file that sentencepiece cannot read, expected a SentencePiece model"),
    "twice": (["x y", "x y"], "a file that sentencepiece cannot read"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_pieces_that_cannot_be(case):
    pieces, expected = IMPOSSIBLE[case]
    with pytest.raises(SpecError, match=rf"m\.model: got {expected}.*; give another file$"):
        Sentencepiece(model=written("m.model", model_with(*pieces))).check()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!DOCTYPE html><html>", "a page of HTML"),
        (gzip.compress(b"a", mtime=0), "gzip"),
        (LFS_POINTER, "a pointer of Git LFS"),
    ],
)
def test_another_file_is_named(content, name):
    with pytest.raises(SpecError, match=rf"got {name}, expected a SentencePiece model; give"):
        Sentencepiece(model=written("m.model", content)).check()


def test_a_missing_model():
    with pytest.raises(SpecError, match=r"^none/m\.model: cannot be read .* tokenizer\.model "):
        Sentencepiece(model="none/m.model").check()


@pytest.mark.parametrize("library", ["sentencepiece", "tensorflow_text"])
def test_a_library_that_is_not_installed(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=r"expected it to be installed; .*'text2seq\[text\]'"):
        Sentencepiece(model=model_file()).check()
    with pytest.raises(UsageError):
        Sentencepiece().check()


TRAIN = """
import hashlib, sys
from subword_files import SENTENCES
from preprocess.tokenizers.sentencepiece_training import *
for kind in ("unigram", "bpe"):
    options = SentencepieceTraining(vocab_size=150, model_type=kind)
    print(hashlib.sha256(train_sentencepiece(SENTENCES, options)).hexdigest())
"""


def test_training_gives_the_same_bytes_in_every_process():
    paths = ":".join(sys.path)
    environments = [{"PYTHONPATH": paths, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    printed = set(run_in_each(environments, "-c", TRAIN))
    assert len(printed) == 1 and len(printed.pop().split()) == 2


@pytest.mark.parametrize("kind", ["unigram", "bpe"])
@pytest.mark.parametrize("fallback", [False, True])
def test_what_is_trained(kind, fallback):
    options = SentencepieceTraining(vocab_size=400, model_type=kind, byte_fallback=fallback)
    model = sentencepiece.SentencePieceProcessor(
        model_proto=train_sentencepiece(SENTENCES, options)
    )
    assert 100 < len(model) <= 400
    assert (model.unk_id(), model.bos_id(), model.eos_id(), model.pad_id()) == (0, -1, -1, -1)
    assert (0 in model.encode("𝒳")) != fallback


def test_a_vocabulary_size_below_the_characters():
    expected = r"^tokenizer\.train\.vocab_size: got 9, expected at least \d+, as every .* raise it"
    with pytest.raises(SpecError, match=expected):
        train_sentencepiece(SENTENCES, SentencepieceTraining(vocab_size=9))


def test_bytes_count_as_characters():
    options = SentencepieceTraining(vocab_size=300, byte_fallback=True)
    with pytest.raises(SpecError, match=r"got 300, expected at least 3\d\d, .*, and every byte, "):
        train_sentencepiece(SENTENCES, options)


@pytest.mark.parametrize(
    "texts", [[], [""], [" \t\n"], ["\u200b", "\x01"], ["\u2585"], ["\u2581"], ["\ufffd"]]
)
def test_texts_without_a_character(texts):
    assert train_sentencepiece(texts, SentencepieceTraining()) is None


def test_what_the_library_refuses(monkeypatch):
    def refuse(**_):
        raise RuntimeError("INTERNAL: some.cc(1)\n[check]")

    monkeypatch.setattr(sentencepiece.SentencePieceTrainer, "train", refuse)
    with pytest.raises(SpecError, match=r"^tokenizer\.train: got .*INTERNAL: some.cc\(1\) \[check"):
        train_sentencepiece(SENTENCES, SentencepieceTraining())


def test_a_long_text_without_a_blank():
    """Over which older versions of the library end the process."""
    text = "".join(chr(0x4E00 + n % 50) for n in range(100_000))
    for expansion in ("", "\ufdfa" * 10_000):  # 18 characters each
        options = SentencepieceTraining(model_type="bpe", vocab_size=200)
        model = train_sentencepiece([text + expansion], options)
        assert len(sentencepiece.SentencePieceProcessor(model_proto=model)) > 100


def test_a_long_text_is_not_left_out():
    text = " ".join(f"w{n}" for n in range(3000)) + " ゑ"
    model = train_sentencepiece([text], SentencepieceTraining(character_coverage=1.0))
    assert sentencepiece.SentencePieceProcessor(model_proto=model).piece_to_id("ゑ") > 0
