"""Tabs, aligned columns, and files that are no vectors under a name that says so."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from subword_files import LFS_POINTER
from vector_files import index, write

from preprocess.core.errors import InputError
from preprocess.vectors import read_vectors, vector_width

WORDS = {"the": 1, "new york": 2}
PLAIN = {"the": 1, "cat": 2}


def rows_of(path: str, words: dict[str, int]) -> list[list[float]]:
    """The rows of `words`, which are all to be found."""
    aligned = read_vectors(path, words, len(words) + 1)
    assert (aligned.found, aligned.missing) == (len(words), 0)
    return aligned.matrix[1:].tolist()


SEPARATED = {
    "tabs": "the\t1\t2\t3\nnew york\t4\t5\t6\n",
    "tabs and a header": "2 3\nthe\t1\t2\t3\nnew york\t4\t5\t6\n",
    "tabs and a header with one": "2\t3\nthe\t1\t2\t3\nnew york\t4\t5\t6",
    "tabs at the ends": "the\t1\t2\t3\t\r\nnew york\t4\t5\t6\t\r\n",
    "tabs and blanks": "the\t 1\t 2\t 3\nnew york\t 4\t 5\t 6\n",
    "a tab behind the word": "the\t1 2 3\nnew york\t4 5 6\n",
    "a tab behind the word, and a header": "2 3\nthe\t1 2 3\nnew york\t4 5 6\n",
    "double blanks": "the  1  2  3\nnew york  4  5  6\n",
    "double blanks and a header": "2 3\nthe  1  2  3\nnew york  4  5  6\n",
    "double blanks behind the word": "the  1 2 3\nnew york  4 5 6\n",
    "aligned": "     the   1.00   2    3\nnew york   4      5 6.00\n",
    "double tabs": "the\t\t1\t\t2\t\t3\nnew york\t\t4\t\t5\t\t6\n",
    "a mark and tabs": "\ufeffthe\t1\t2\t3\nnew york\t4\t5\t6\n",
}


@pytest.mark.parametrize("name", SEPARATED)
def test_every_separator(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "vectors.txt", SEPARATED[name])
    assert vector_width(path) == 3
    assert rows_of(path, WORDS) == [[1, 2, 3], [4, 5, 6]]


SEPARATORS = [" ", "\t", "  ", "\t ", "\t\t", "   "]
BARE_WORDS = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "C", "Z"]), min_size=1, max_size=6),
    unique=True,
    min_size=1,
    max_size=10,
)


@given(BARE_WORDS, st.integers(2, 4), st.sampled_from(SEPARATORS), st.booleans())
def test_any_words_by_any_separator(
    tmp_path_factory: pytest.TempPathFactory,
    words: list[str],
    dim: int,
    separator: str,
    has_header: bool,
) -> None:
    numbers = np.arange(1, 1 + len(words) * dim, dtype=np.float32).reshape(-1, dim)
    header = f"{len(words)} {dim}\n" * has_header
    lines = [separator.join([w, *map(str, v)]) for w, v in zip(words, numbers, strict=True)]
    path = write(tmp_path_factory.mktemp("any") / "v.txt", header + "\n".join(lines))
    assert rows_of(path, index(words, oov=0)) == numbers.tolist()


@given(st.lists(st.integers(1, 4), min_size=60, max_size=60))
def test_columns_of_any_width(tmp_path_factory: pytest.TempPathFactory, widths: list[int]) -> None:
    lines = [f"w{n}{' ' * wide} {n}{' ' * wide}-1 0.5\n" for n, wide in enumerate(widths)]
    path = write(tmp_path_factory.mktemp("any") / "v.txt", "60 3\n" + "".join(lines))
    words = {f"w{n}": n + 1 for n in range(60)}
    assert rows_of(path, words) == [[n, -1, 0.5] for n in range(60)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "the 1 2\nodd 5 6\ncat\t3\t4\n",
            "FILE:3: got 0 numbers after 'cat\\t3\\t4', expected 2 numbers as most lines have; "
            "mend the line or leave it out",
        ),
        (
            "the\t1\t2\nodd\t5\t6\ncat\t3\n",
            "FILE:3: got 1 numbers after 'cat', expected 2 numbers as most lines have; "
            "mend the line or leave it out",
        ),
        (
            "the\t1\t2\nodd\t5\t6\ncat\t3\t\t4\n",
            "FILE:3: got 3 numbers after 'cat', expected 2 numbers as most lines have; "
            "mend the line or leave it out",
        ),
        (
            "2 2\nthe  1  2\ncat  3\n",
            "FILE:3: got 1 numbers after 'cat', expected 2 numbers as line 1 says; "
            "mend the line or leave it out",
        ),
        (
            "2 2\nthe  1  2\ncat  0.5  3  4\n",
            "FILE:3: got 3 numbers after 'cat', expected 2 numbers as line 1 says; "
            "mend the line or leave it out",
        ),
        (
            "the\t1\t2\ncat\t3\tx\nodd\t5\t6\n",
            "FILE:2: got 'x' among the numbers of 'cat', expected finite numbers of 32 bits; "
            "mend the line or leave it out",
        ),
    ],
)
def test_a_line_that_differs(tmp_path: Path, content: str, expected: str) -> None:
    path = write(tmp_path / "vectors", content)
    with pytest.raises(InputError) as caught:
        read_vectors(path, PLAIN, 3)
    assert str(caught.value).replace(path, "FILE") == expected


TEXT = "2 2\nthe 1 2\ncat 3 4\n"


def _zipped() -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as archive:
        archive.writestr("glove.txt", TEXT)
    return buffer.getvalue()


FORMATS = "word2vec's text or binary format, or GloVe's"
UNPACK = "unpack it, and give what it holds"
OTHERS = {
    "a pointer of Git LFS": (LFS_POINTER, "fetch what it points to with git lfs pull"),
    "a page of HTML": (b"\n<!doctype html>\n<p>404 1 2</p>\n", "fetch the file itself"),
    "text in UTF-16 (little-endian)": (TEXT.encode("utf-16-le"), "write it again in UTF-8"),
    "text in UTF-16 (big-endian)": (TEXT.encode("utf-16-be"), "write it again in UTF-8"),
    "text in UTF-32 (little-endian)": (TEXT.encode("utf-32"), "write it again in UTF-8"),
    "gzip": (gzip.compress(gzip.compress(TEXT.encode())), UNPACK),
    "Zstandard": (pa.compress(TEXT.encode(), "zstd", asbytes=True), UNPACK),
    "bzip2": (bz2.compress(TEXT.encode()), UNPACK),
    "xz": (lzma.compress(TEXT.encode()), UNPACK),
    "zlib": (zlib.compress(TEXT.encode()), UNPACK),
    "a zip archive": (_zipped(), UNPACK),
    "HDF5": (b"\x89HDF\r\n\x1a\n\0\0", UNPACK),
}


@pytest.mark.parametrize("name", ["vectors", "v.txt", "v.vec", "v.bin", "v.kv"])
@pytest.mark.parametrize("what", OTHERS)
def test_another_file_is_named(tmp_path: Path, what: str, name: str) -> None:
    content, remedy = OTHERS[what]
    path = write(tmp_path / name, content)
    with pytest.raises(InputError) as caught:
        read_vectors(path, PLAIN, 3)
    assert str(caught.value) == f"{path}: got {what}, expected {FORMATS}; {remedy}"
