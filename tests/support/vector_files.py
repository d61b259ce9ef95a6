"""Files of word vectors for tests: by gensim, and by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import numpy.typing as npt
from gensim.models import KeyedVectors

Matrix = npt.NDArray[np.float32]


def keyed_vectors(words: list[str], dim: int, seed: int = 0) -> KeyedVectors:
    """gensim's KeyedVectors with normal numbers."""
    keyed = KeyedVectors(dim)
    numbers = np.random.default_rng(seed).standard_normal((len(words), dim), np.float32)
    keyed.add_vectors(words, numbers)
    return keyed


def write(path: Path, content: bytes | str) -> str:
    """Writes `content`, compressed if the name ends in .gz."""
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return str(path)


def index(words: list[str], oov: int = 1) -> dict[str, int]:
    """A word index as the layout of ids has it: padding, OOV ids, words."""
    return {word: number for number, word in enumerate(words, 1 + oov)}


def binary(words: dict[bytes, list[float]], after: bytes = b"", count: int | None = None) -> bytes:
    """word2vec's binary format; `after` follows each vector: a newline, as word2vec.c writes it."""
    dim = len(next(iter(words.values())))
    records = (word + b" " + np.array(v, "<f4").tobytes() + after for word, v in words.items())
    return b"%d %d\n" % (len(words) if count is None else count, dim) + b"".join(records)


def same_bits(got: Matrix, expected: Matrix) -> bool:
    """Whether two float32 arrays are equal to the last bit, signs of zeros included."""
    return got.dtype == expected.dtype == np.float32 and got.tobytes() == expected.tobytes()
