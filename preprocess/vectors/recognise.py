"""Recognises the format of a file of word vectors by its beginning."""

from __future__ import annotations

import codecs
import shlex

from preprocess.core.errors import InputError
from preprocess.core.first_bytes import HEAD_BYTES, UTF8_BOM, foreign
from preprocess.vectors.separators import most_numbers, separation_of
from preprocess.vectors.vector_file import LINE_BYTES, VectorFile, open_vectors
from preprocess.vectors.vector_text import TextFile
from preprocess.vectors.word2vec_binary import BinaryFile

_PICKLE = b"\x80"
_BINARY_SUFFIXES = (".bin", ".bin.gz")

# Vectors that we cannot read: first bytes, what it is, what to do.
_FOREIGN = ((b"\xba\x16\x4f\x2f", "a model of fastText", "give its .vec file instead"),)
_FORMATS = "word2vec's text or binary format, or GloVe's"
# Paths are arguments of it, so that none can be taken for code.
_CONVERT = (
    "import sys; from gensim.models import KeyedVectors; v = KeyedVectors.load(sys.argv[1]); "
    'getattr(v, "wv", v).save_word2vec_format(sys.argv[2], binary=True)'
)

_SAMPLE_LINES = 100
_MANY_LINES = 50
_SAMPLE_BYTES = 4096
_MAX_DIM = 1 << 16
_CONTROLS = bytes(set(range(32)) - set(b"\t\r\n"))


def recognise(path: str) -> VectorFile:
    """The file `path`, whose first megabyte is read.

    Raises:
      InputError: the file is missing, empty, or of no known format.
    """
    with open_vectors(path) as file:
        data = file.read(LINE_BYTES)
    _refuse_unread(path, data)
    data = data.removeprefix(UTF8_BOM)
    announced = _announced(path, data)
    if announced and _is_binary(path, data, announced[1]):
        count, dim = announced
        return BinaryFile(path, dim, count)
    return _text_file(path, data, announced)


def _text_file(path: str, data: bytes, announced: tuple[int, int] | None) -> TextFile:
    if announced is None:
        _refuse_foreign(path, data)
    count, dim = announced or (None, None)
    lines = _sample(data)[1 if announced else 0 :]
    exact = announced is not None and len(lines) < _MANY_LINES
    way = separation_of(lines, dim, exact)
    if not way.dim:
        raise InputError(
            f"{path}:1: got {data[:40]!r}, expected a word and its numbers, that is "
            f"{_FORMATS}; give another file"
        )
    return TextFile(path, way.dim, count, way.separator)


def _refuse_unread(path: str, data: bytes) -> None:
    if not data.strip():
        raise InputError(f"{path}: got an empty file, expected {_FORMATS}; fetch the file again")
    if data.startswith(_PICKLE):
        command = shlex.join(["python", "-c", _CONVERT, path, f"{path}.bin"])
        raise InputError(
            f"{path}: got a pickle, such as gensim's save writes, which can run any code when it "
            f"is opened, expected {_FORMATS}; only if you trust the file, convert it: {command}"
        )
    for magic, name, remedy in _FOREIGN:
        if data.startswith(magic):
            raise InputError(f"{path}: got {name}, expected {_FORMATS}; {remedy}")


def _refuse_foreign(path: str, data: bytes) -> None:
    if other := foreign(data[:HEAD_BYTES], len(data)):
        raise InputError(f"{path}: got {other.what}, expected {_FORMATS}; {other.remedy}")


def _announced(path: str, data: bytes) -> tuple[int, int] | None:
    """Count of words and of numbers, if the first line holds them, as word2vec's does."""
    fields = data.split(b"\n", 1)[0].split()
    if len(fields) != 2 or not all(f.isdigit() and len(f) < 20 for f in fields):
        return None
    count, dim = map(int, fields)
    if count < 1 or not 1 <= dim <= _MAX_DIM:
        raise InputError(
            f"{path}:1: got {count} words of {dim} numbers, expected at least one word and "
            f"1 to {_MAX_DIM:,} numbers; fetch the file again"
        )
    return count, dim


def _is_binary(path: str, data: bytes, dim: int) -> bool:
    """Whether what follows the first line is binary, not text, be it damaged text."""
    rest = data.partition(b"\n")[2]
    if most_numbers(rest.split(b"\n", 1)[0]) >= dim:
        return False
    return path.endswith(_BINARY_SUFFIXES) or not _looks_like_text(rest[:_SAMPLE_BYTES])


def _looks_like_text(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # may end within a character
    except UnicodeDecodeError:
        return False
    return sample.translate(None, _CONTROLS) == sample


def _sample(data: bytes) -> list[bytes]:
    """The first lines, those that are whole."""
    lines = data.split(b"\n", _SAMPLE_LINES)
    if len(lines) > _SAMPLE_LINES or len(data) == LINE_BYTES:
        lines.pop()  # the rest, or a line that may be longer
    return lines
