"""What gensim wrote is read to the last bit, in each format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_files import index, keyed_vectors, same_bits

from preprocess.artifact.word_index import Word, WordIndex
from preprocess.vectors import read_vectors, vector_width

WORDS = [
    "the",
    "Katze",
    "語",
    "👩‍👩‍👧",
    "don't",
    "a\u00a0b",
    "a\u2028b",
    "\x85",
    "7",
    "-0.5",
    "\\n",
]
LACKED = ["dog", "The"]
DIM = 5

# What gensim's `save_word2vec_format` is told for each file.
FORMATS = {
    "text.vec": {},
    "text.txt.gz": {},
    "glove.txt": {"write_header": False},
    "glove.gz": {"write_header": False},
    "binary.bin": {"binary": True},
    "binary.bin.gz": {"binary": True},
    "binary.vectors": {"binary": True},
    "binary.gz": {"binary": True},
}


def save(keyed: KeyedVectors, path: Path) -> str:
    keyed.save_word2vec_format(str(path), **FORMATS[path.name])
    return str(path)


@pytest.mark.parametrize("name", FORMATS)
def test_rows_as_gensim_has_them(tmp_path: Path, name: str) -> None:
    keyed = keyed_vectors(WORDS, DIM)
    path = save(keyed, tmp_path / name)
    words = index(WORDS[::-1] + LACKED, oov=2)
    aligned = read_vectors(path, words, rows=3 + len(words))
    assert (aligned.found, aligned.missing) == (len(WORDS), 2)
    assert aligned.matrix.shape == (3 + len(words), DIM)
    assert not aligned.matrix[0].any()
    for word in WORDS:
        assert same_bits(aligned.matrix[words[word]], keyed[word]), word
    assert vector_width(path) == DIM


@pytest.mark.parametrize("name", ["text.vec", "glove.txt", "binary.bin"])
def test_gensim_reads_the_same(tmp_path: Path, name: str) -> None:
    path = save(keyed_vectors(WORDS, DIM), tmp_path / name)
    options = FORMATS[name]
    oracle = KeyedVectors.load_word2vec_format(
        path, binary="binary" in options, no_header="write_header" in options
    )
    words = index(WORDS)
    matrix = read_vectors(path, words, len(words) + 2).matrix
    assert all(same_bits(matrix[words[word]], oracle[word]) for word in WORDS)


def test_a_word_index_will_do(tmp_path: Path) -> None:
    keyed = keyed_vectors(WORDS, DIM)
    words = WordIndex([Word("語", 2, 7), Word("dog", 3, 3), Word("the", 4, 3)])
    aligned = read_vectors(save(keyed, tmp_path / "binary.bin"), words, rows=5)
    assert (aligned.found, aligned.missing) == (2, 1)
    assert same_bits(aligned.matrix[4], keyed["the"])


# As gensim's writers have it: no blank and no newline.
PLAIN_WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=" \n\r"), min_size=1, max_size=6
)
NUMBERS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("name", ["text.vec", "binary.bin"])
@settings(max_examples=50)
@given(data=st.data())
def test_any_words_and_numbers(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    words = data.draw(st.lists(PLAIN_WORDS, unique=True, min_size=1, max_size=12))
    dim = data.draw(st.integers(2, 4))
    rows = st.lists(NUMBERS, min_size=dim, max_size=dim)
    keyed = KeyedVectors(dim)
    keyed.add_vectors(words, [np.array(data.draw(rows), np.float32) for _ in words])
    path = save(keyed, tmp_path_factory.mktemp("any") / name)
    aligned = read_vectors(path, index(words, oov=0), len(words) + 1)
    assert aligned.found == len(words)
    assert same_bits(aligned.matrix[1:], keyed.vectors)
