"""Text formats: headers, blanks within words, ends of lines, words that come twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_files import index, write

from preprocess.vectors import read_vectors, vector_width

TWO = {"the": 1, "cat": 2}


def rows_of(path: Path, content: bytes | str, words: dict[str, int]) -> list[list[float]]:
    """The rows of `words`, which are all to be found."""
    aligned = read_vectors(write(path, content), words, len(words) + 1)
    assert (aligned.found, aligned.missing) == (len(words), 0)
    return aligned.matrix[1:].tolist()


@pytest.mark.parametrize(
    "content",
    [
        "2 2\nthe 1 -2\ncat .5 4e0\n",
        "the 1 -2\ncat .5 4e0\n",
        "2 2\nthe 1 -2 \ncat .5 4e0 ",
        "the 1 -2\r\ncat .5 4e0\r\n\r\n",
        "\ufeff2 2\nthe 1 -2\ncat .5 4e0",
        "\ufeffthe 1 -2\ncat .5 4e0",
        "\n2 2 2\nthe 1 -2\n\ncat .5 4e0\n",
        "2 2\nthe 1 -2\ncat .5 4e0\nbeyond the count\n",
    ],
)
def test_literals(tmp_path: Path, content: str) -> None:
    assert rows_of(tmp_path / "vectors", content, TWO) == [[1, -2], [0.5, 4]]


def test_the_first_of_two_counts(tmp_path: Path) -> None:
    content = "the 1 2\ncat 3 4\nthe 5 6\ncat a b\n"
    assert rows_of(tmp_path / "vectors", content, TWO) == [[1, 2], [3, 4]]


def test_words_with_blanks(tmp_path: Path) -> None:
    content = (
        "at 1 2\n. . . 3 4\nat name@domain.com 5 6\n  7 8\n 9 10\ncatch 22 11 12\n"
        "1 13 14\n1 1/2 15 16\nend  17 18\n"
    )
    words = ["at", ". . .", "at name@domain.com", " ", "", "catch 22", "1", "1 1/2", "end "]
    rows = rows_of(tmp_path / "vectors", content, index(words, oov=0))
    assert rows == [[n, n + 1] for n in range(1, 19, 2)]


@pytest.mark.parametrize("first", ["catch 22 1 2\n", "new york 1 2\n", ". . . 1 2\n"])
def test_the_width_is_what_most_lines_have(tmp_path: Path, first: str) -> None:
    path = write(tmp_path / "vectors", f"{first}the 1 2\ncat 3 4\n7 5 6\n")
    assert vector_width(path) == 2


def test_words_that_are_not_utf8_are_passed_over(tmp_path: Path) -> None:
    content = b"caf\xe9 5 6\n\xff\xfe 7 8\nthe 1 2\n\xe8\xaa nan x\ncat 3 4\n"
    assert rows_of(tmp_path / "vectors", content, TWO) == [[1, 2], [3, 4]]
    path = write(tmp_path / "vectors", content)
    assert read_vectors(path, {"the": 1, "caf\ufffd": 2, "\udcff": 3}, 4).found == 1


def test_only_the_words_looked_for_are_parsed(tmp_path: Path) -> None:
    content = "the 1 2\nodd nan x\ncat 3 4\n"
    assert rows_of(tmp_path / "vectors", content, TWO) == [[1, 2], [3, 4]]


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    for name in ("v.bin", "v.kv", "v.model", "v.gz", "v"):
        assert rows_of(tmp_path / name, "2 2\nthe 1 2\ncat 3 4\n", TWO) == [[1, 2], [3, 4]]


def test_width_reads_the_beginning_only(tmp_path: Path) -> None:
    path = write(tmp_path / "vectors", "the 1 2 3\n" * 150_000 + "cat damaged\n")
    assert vector_width(path) == 3


# Blanks are part of a word wherever they stand; only newlines end a line.
ANY_WORDS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=8)
    | st.text(st.sampled_from(" .a1"), max_size=8),
    unique=True,
    min_size=1,
    max_size=10,
)


def _is_ambiguous(words: list[str]) -> bool:
    """Whether a word with a number behind looks like another's vector with a number too many."""
    firsts = set(words)
    return any(word.split(" ")[0] in firsts and " " in word for word in words)


@settings(max_examples=100)
@given(words=ANY_WORDS.filter(lambda words: not _is_ambiguous(words)), dim=st.integers(1, 3))
def test_any_words(tmp_path_factory: pytest.TempPathFactory, words: list[str], dim: int) -> None:
    numbers = np.arange(1, 1 + len(words) * dim, dtype=np.float32).reshape(-1, dim)
    lines = [f"{w} {' '.join(map(str, v))}\n" for w, v in zip(words, numbers, strict=True)]
    content = f"{len(words)} {dim}\n" + "".join(lines)
    path = write(tmp_path_factory.mktemp("any") / "vectors.vec", content)
    aligned = read_vectors(path, index(words, oov=0), len(words) + 1)
    assert aligned.matrix[1:].tolist() == numbers.tolist()
