"""Rows of an embedding from pretrained word vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preprocess.core.errors import SpecError, UsageError
from preprocess.core.ids import PADDING_ID
from preprocess.model_file.text_options import Missing
from preprocess.vectors.initial_rows import check_missing, fill
from preprocess.vectors.recognise import recognise
from preprocess.vectors.vector_file import VectorFile


@dataclass(frozen=True, eq=False)
class Aligned:
    """The weights of an embedding, a row for each id.

    Attributes:
      matrix: float32, shape (rows, dim); row 0, padding, is zero.
      found: words of the index that the file has.
      missing: words of the index that it lacks.
    """

    matrix: npt.NDArray[np.float32]
    found: int
    missing: int


def read_vectors(
    path: str,
    words: Mapping[str, int],
    rows: int,
    *,
    dim: int | None = None,
    missing: Missing = "uniform",
    seed: int = 0,
) -> Aligned:
    """Reads the vectors of `words` in one pass that holds nothing but the result.

    Args:
      path: word2vec text or binary, GloVe, each also as gzip, recognised by content, text with
        blanks or tabs between word and numbers. A pickle, which could run any code, is refused.
      words: token to id, such as a `WordIndex`. A token matches as it stands, case included.
      rows: number of ids, with padding and out-of-vocabulary ids.
      dim: numbers that a vector must have; None takes those of the file.
      missing: how rows begin that no vector is found for: see `initial_rows.fill`.
      seed: the same seed gives the same rows, whatever the order of the file.

    Raises:
      UsageError: an id is not in 1 .. rows - 1.
      SpecError: the vectors are not `dim` wide, or the file has none of the words.
      InputError: the file is missing, damaged, or of no known format.
    """
    check_missing(missing)
    _check_ids(words, rows)
    file = recognise(path)
    _check_dim(path, file.dim, dim)
    matrix = np.zeros((rows, file.dim), np.float32)
    has_vector = np.zeros(rows, np.bool_)
    found = _take(file, words, matrix, has_vector)
    if not found:
        raise SpecError(
            f"{path}: got a vector for none of the {len(words):,} words of the index, expected "
            "some; take vectors of the same language, and of the same casing as the tokens"
        )
    fill(matrix, has_vector, missing, seed)
    matrix[PADDING_ID] = 0
    return Aligned(matrix, found, len(words) - found)


def vector_width(path: str) -> int:
    """How many numbers a vector of `path` has; reads the beginning only.

    Raises:
      InputError: the file is missing, empty, or of no known format.
    """
    return recognise(path).dim


def _take(
    file: VectorFile,
    words: Mapping[str, int],
    matrix: npt.NDArray[np.float32],
    has_vector: npt.NDArray[np.bool_],
) -> int:
    """Writes each vector that is found to its row, marks the row, and counts them."""
    # A lone surrogate, which no file of UTF-8 holds, is encoded nonetheless, and never found.
    pending = {word.encode("utf-8", "surrogatepass"): row for word, row in words.items()}
    found = 0
    with np.errstate(over="ignore"):  # becomes infinite, which is refused
        for row, vector in file.vectors(pending):
            matrix[row] = vector
            has_vector[row] = True
            found += 1
    return found


def _check_ids(words: Mapping[str, int], rows: int) -> None:
    for word, row in words.items():
        if not PADDING_ID < row < rows:
            raise UsageError(
                f"got the id {row} for {word!r}, expected 1 to {rows - 1}, as id 0 is padding; "
                "let rows be the number of ids, with padding and out-of-vocabulary ids"
            )


def _check_dim(path: str, got: int, expected: int | None) -> None:
    if expected is not None and got != expected:
        raise SpecError(
            f"{path}: got vectors of {got} numbers, expected {expected} as embedding.dim says; "
            f"set dim: {got} or leave it out"
        )
