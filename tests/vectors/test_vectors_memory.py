"""Files are streamed: what is held at once is far less than the file."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from vector_files import write

from preprocess.vectors import read_vectors

COUNT, DIM = 100_000, 100
LOOKED_FOR = {f"word{n}": n // 1000 + 1 for n in range(0, COUNT, 1000)}
NUMBERS = np.linspace(-1, 1, DIM, dtype=np.float32)


def text_file(folder: Path) -> str:
    line = " ".join(f"{number:.3f}" for number in NUMBERS)
    return write(folder / "v.txt", "".join(f"word{n} {line}\n" for n in range(COUNT)))


def gzip_file(folder: Path) -> str:
    return write(folder / "v.gz", Path(text_file(folder)).read_bytes())


def binary_file(folder: Path) -> str:
    data = NUMBERS.tobytes()
    records = b"".join(b"word%d %b" % (n, data) for n in range(COUNT))
    return write(folder / "v.bin", b"%d %d\n" % (COUNT, DIM) + records)


@pytest.mark.parametrize("make", [text_file, gzip_file, binary_file])
def test_the_file_is_not_held(tmp_path: Path, make) -> None:
    path = make(tmp_path)
    content = COUNT * DIM * NUMBERS.itemsize  # of the vectors as numbers, 40 MB
    peak, found = traced(path)
    assert found == len(LOOKED_FOR)
    assert peak < content / 4


def traced(path: str) -> tuple[int, int]:
    """The most bytes held at once while `path` was read, and how many words were found."""
    tracemalloc.start()
    try:
        found = read_vectors(path, LOOKED_FOR, len(LOOKED_FOR) + 1).found
        return tracemalloc.get_traced_memory()[1], found
    finally:
        tracemalloc.stop()
