"""Small SentencePiece models and a WordPiece vocabulary, made once a session."""

from __future__ import annotations

import functools
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

_FOLDER = tempfile.TemporaryDirectory(prefix="text2seq-subwords-")

SENTENCES = [
    "The cat sat on the mat, and the dog slept under the old table.",
    "Cats and dogs don't like cold water; they liked warm milk (2024).",
    "It's 3.14 or 42? Naïve café owners say: “déjà vu!”",
    "日本語の文章を単語に分けるのは難しい。猫がマットの上に座った。",
    "Кошка спит на столе, а собака ест рыбу.",
] * 4

_WHOLE = "[PAD] [UNK] [CLS] [SEP] the cat ##s do ##g ##n ' t un ##aff ##able"
_MARKS = "日 本 語 ##語 . , - # ## ### é caf ##é ##e e ##\u0301"
_CHARACTERS = [*"abcdxyzABC012", *(f"##{character}" for character in "abcdtxyz012")]
PIECES = [*_WHOLE.split(), *_MARKS.split(), *_CHARACTERS]

# What Git leaves in place of a file that Git LFS keeps.
LFS_POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n" + b"oid sha256:" + b"a1" * 32 + b"\nsize 990\n"
)

_BREAKS = [*"\u2028\u2029\x85\v\f\x1c\x1d\t\xa0\u3000\ufeff"]
# What a line of a vocabulary may hold, however odd; the empty one is a blank line.
ODD = ["", " ", *_BREAKS, *(f"x{c}y" for c in _BREAKS), "x y", " y", "y ", "##\u2028", "\\n", "\\e"]

# Options of the library's trainer, by what is special about the model.
MODELS: dict[str, dict[str, Any]] = {
    "unigram": {},
    "bpe": {"model_type": "bpe"},
    "bytes": {"model_type": "bpe", "byte_fallback": True, "vocab_size": 420},
    "padding first": {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1},
    "symbols": {"user_defined_symbols": ["[MASK]", "cat"], "add_dummy_prefix": False},
    "as it stands": {"normalization_rule_name": "identity", "remove_extra_whitespaces": False},
}


def model_file(**options: Any) -> str:
    """The path of a model that the library trained on `SENTENCES`."""
    return _model_file(json.dumps(options, sort_keys=True))


@functools.cache
def _model_file(options: str) -> str:
    model = io.BytesIO()
    arguments = {"vocab_size": 200, "minloglevel": 2, "hard_vocab_limit": False}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES), model_writer=model, **arguments | json.loads(options)
    )
    return written("m.model", model.getvalue())


def model_with(*pieces: str | bytes) -> bytes:
    """A model that takes texts as they stand, with `pieces` added as if they were declared."""
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(Path(model_file(**MODELS["as it stands"])).read_bytes())
    for number, piece in enumerate(pieces):
        text = piece if isinstance(piece, str) else f"piece {number}"
        model.pieces.add(piece=text, type=model.SentencePiece.USER_DEFINED)
    content = model.SerializeToString()
    for number, piece in enumerate(pieces):
        if isinstance(piece, bytes):
            assert len(piece) == len(f"piece {number}")
            content = content.replace(f"piece {number}".encode(), piece)
    return content


@functools.cache
def vocabulary_file(*pieces: str) -> str:
    """The path of a vocabulary of `pieces`, or of `PIECES`."""
    return written("v.txt", "".join(f"{piece}\n" for piece in pieces or PIECES).encode())


def written(name: str, content: bytes) -> str:
    """The path of a new file."""
    folder = tempfile.mkdtemp(dir=_FOLDER.name)
    path = Path(folder, name)
    path.write_bytes(content)
    return str(path)
