"""How rows without a vector begin: in which range, drawn from what, the same each time."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from vector_files import index, keyed_vectors, write

from preprocess.core.errors import UsageError
from preprocess.vectors import Missing, read_vectors

FOUND = [f"word{n}" for n in range(400)]
LACKED = [f"lacked{n}" for n in range(10_000)]
DIM = 3
OOV = 5


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    keyed = keyed_vectors(FOUND, DIM)
    keyed.vectors[:] = keyed.vectors * [1, 2, 0] + [5, -3, 1]
    name = str(tmp_path_factory.mktemp("vectors") / "found.bin")
    keyed.save_word2vec_format(name, binary=True)
    return name


def read(path: str, missing: Missing, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The rows that are found, and those that are not, padding left out."""
    words = index(FOUND + LACKED, OOV)
    aligned = read_vectors(path, words, 1 + OOV + len(words), missing=missing, seed=seed)
    assert (aligned.found, aligned.missing) == (len(FOUND), len(LACKED))
    assert aligned.matrix.dtype == np.float32
    assert not aligned.matrix[0].any()
    first, last = 1 + OOV, 1 + OOV + len(FOUND)
    matrix = aligned.matrix
    return matrix[first:last], np.concatenate([matrix[1:first], matrix[last:]])


def test_uniform_is_what_keras_begins_with(path: str) -> None:
    _, rows = read(path, "uniform")
    assert np.abs(rows).max() <= np.float32(0.05)
    assert np.allclose([rows.min(), rows.max()], [-0.05, 0.05], atol=1e-4)
    assert np.abs(rows.mean(axis=0)).max() < 0.002
    assert len(np.unique(rows, axis=0)) == OOV + len(LACKED)


def test_normal_has_the_moments_of_the_found(path: str) -> None:
    found, rows = read(path, "normal")
    assert np.allclose(rows.mean(axis=0), found.mean(axis=0), atol=0.05)
    assert np.allclose(rows.std(axis=0), found.std(axis=0), atol=0.05)
    assert np.all(rows[:, 2] == 1)  # found vectors do not differ there


def test_mean_is_that_of_the_found(path: str) -> None:
    found, rows = read(path, "mean")
    expected = found.astype(np.float64).mean(axis=0).astype(np.float32)
    assert np.array_equal(rows, np.broadcast_to(expected, rows.shape))


def test_zeros(path: str) -> None:
    found, rows = read(path, "zeros")
    assert not rows.any()
    assert found.any(axis=1).all()


@pytest.mark.parametrize("missing", ["uniform", "normal"])
def test_the_seed_decides(path: str, missing: Missing) -> None:
    _, rows = read(path, missing, seed=1)
    _, again = read(path, missing, seed=1)
    _, other = read(path, missing, seed=2)
    assert np.array_equal(rows, again)
    assert not (rows[:, :2] == other[:, :2]).any(axis=1).all()


@pytest.mark.parametrize("missing", get_args(Missing))
def test_the_order_of_the_file_does_not_matter(tmp_path: Path, missing: Missing) -> None:
    lines = [f"word{n} {n / 7} {n / 3 - 9}\n" for n in range(300)]
    words = index(FOUND)
    forward, backward = (
        read_vectors(write(tmp_path / "v", "".join(lines[::step])), words, 500, missing=missing)
        for step in (1, -1)
    )
    assert np.array_equal(forward.matrix, backward.matrix)


def test_a_row_does_not_depend_on_what_else_is_found(tmp_path: Path) -> None:
    words = {"the": 2, "cat": 3}
    one = read_vectors(write(tmp_path / "one", "the 1 2\n"), words, 6).matrix
    both = read_vectors(write(tmp_path / "both", "cat 3 4\nthe 1 2\n"), words, 6).matrix
    assert np.array_equal(one[[1, 4, 5]], both[[1, 4, 5]])


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("uniform", [[0.0, 0.0], [0.01841799, 0.03972137], [1.0, 2.0], [3.0, 6.0]]),
        ("normal", [[0.0, 0.0], [3.1501617, 0.43069363], [1.0, 2.0], [3.0, 6.0]]),
        ("mean", [[0.0, 0.0], [2.0, 4.0], [1.0, 2.0], [3.0, 6.0]]),
        ("zeros", [[0.0, 0.0], [0.0, 0.0], [1.0, 2.0], [3.0, 6.0]]),
    ],
)
def test_literals(tmp_path: Path, missing: Missing, expected: list[list[float]]) -> None:
    """A change here changes models: the numbers drawn for a seed are not to drift."""
    path = write(tmp_path / "v", "the 1 2\ncat 3 6\n")
    aligned = read_vectors(path, {"the": 2, "cat": 3}, 4, missing=missing, seed=7)
    assert np.allclose(aligned.matrix, expected, rtol=1e-6, atol=0)


def test_row_0_is_zero_whatever_the_seed(tmp_path: Path) -> None:
    path = write(tmp_path / "v", "the 1 2\n")
    for seed in range(20):
        assert not read_vectors(path, {"the": 1}, 3, missing="normal", seed=seed).matrix[0].any()


def test_no_such_way(tmp_path: Path) -> None:
    path = write(tmp_path / "v", "the 1 2\n")
    with pytest.raises(UsageError) as raised:
        read_vectors(path, {"the": 1}, 2, missing="random")  # type: ignore[arg-type]
    expected = "got missing='random', expected one of uniform, normal, mean, zeros; use one"
    assert str(raised.value) == expected
