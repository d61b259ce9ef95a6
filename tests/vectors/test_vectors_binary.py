"""word2vec's binary format: newlines, chunks, and telling it from text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from vector_files import binary, write

from preprocess.vectors import read_vectors, vector_width
from preprocess.vectors import word2vec_binary as binary_module

VECTORS = {
    b"the": [1.0, -2.0],
    "語".encode(): [0.5, 4.0],
    b"caf\xe9": [9.0, 9.0],
    b"b": [0.0, -0.0],
}
WORDS = {"語": 3, "the": 1, "b": 2}
ROWS = [[1, -2], [0, 0], [0.5, 4]]


@pytest.mark.parametrize("name", ["v.bin", "v", "v.bin.gz", "v.gz", "v.txt"])
@pytest.mark.parametrize("after", [b"", b"\n"])
def test_literals(tmp_path: Path, name: str, after: bytes) -> None:
    path = write(tmp_path / name, binary(VECTORS, after))
    aligned = read_vectors(path, WORDS, 4)
    assert aligned.matrix[1:].tolist() == ROWS
    assert (aligned.found, aligned.missing) == (3, 0)
    assert vector_width(path) == 2


@pytest.mark.parametrize("size", [1, 7, 10, 64])
@pytest.mark.parametrize("after", [b"", b"\n"])
def test_chunks_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, after: bytes
) -> None:
    monkeypatch.setattr(binary_module, "_CHUNK_BYTES", size)
    path = write(tmp_path / "v.bin", binary(VECTORS, after))
    assert read_vectors(path, WORDS, 4).matrix[1:].tolist() == ROWS


def test_the_first_of_two_counts(tmp_path: Path) -> None:
    content = binary({b"the": [1.0], b"\nthe": [2.0], b"cat": [3.0]})
    path = write(tmp_path / "v.bin", content)
    assert read_vectors(path, {"the": 1, "cat": 2}, 3).matrix.tolist() == [[0], [1], [3]]


def test_what_follows_the_count_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "v.bin", binary(VECTORS, count=3))
    aligned = read_vectors(path, WORDS, 4, missing="zeros")
    assert (aligned.found, aligned.missing) == (2, 1)


def test_vectors_that_hold_blanks_and_newlines(tmp_path: Path) -> None:
    odd = np.frombuffer(b"    \n\n\n\n", "<f4").tolist()
    path = write(tmp_path / "v", binary({b"the": odd, b"cat": [1.0, 2.0]}))
    aligned = read_vectors(path, {"the": 1, "cat": 2}, 3)
    assert aligned.matrix[1].tobytes() == b"    \n\n\n\n"
    assert aligned.matrix[2].tolist() == [1, 2]
