"""Opens files of word vectors, reports plainly when one cannot be read; what each format gives."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol, cast

import numpy as np
import numpy.typing as npt

from preprocess.core.errors import InputError, one_line

Vector = npt.NDArray[np.float32]

# No line is longer, so that a file without newlines is never held as a whole.
LINE_BYTES = 1 << 20
_BUFFER_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"  # RFC 1952


class VectorFile(Protocol):
    """A file whose format is recognised.

    We read it ourselves, as gensim's `load_word2vec_format` holds the vectors of every word.
    """

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""

    def vectors(self, pending: dict[bytes, int]) -> Iterator[tuple[int, Vector]]:
        """The row and the vector, float32 of shape (dim,), of each word that is looked for.

        Args:
          pending: the words looked for, as UTF-8, and their rows; used up. A word of the file that
            is not UTF-8 is none of them. Of a word that comes twice the first counts, as in gensim.

        Raises:
          InputError: the file is damaged.
        """


@contextmanager
def open_vectors(path: str) -> Iterator[BinaryIO]:
    """Opens the bytes of `path`, decompressed if they are gzip.

    Raises:
      InputError: the file is missing, or turns out damaged within the context.
    """
    try:
        with io.BufferedReader(io.FileIO(path), _BUFFER_BYTES) as file:
            if not file.peek(len(_GZIP)).startswith(_GZIP):
                yield file
                return
            # GzipFile's own `readline` is Python, that of a BufferedReader C.
            content = cast(io.RawIOBase, gzip.GzipFile(fileobj=file, mode="rb"))
            with io.BufferedReader(content, _BUFFER_BYTES) as decompressed:
                yield decompressed
    except FileNotFoundError as error:
        raise no_such_file(path) from error
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error


def is_finite(vector: Vector) -> bool:
    """Whether `vector` holds neither an infinite number nor a NaN."""
    return bool(np.isfinite(vector).all())


def shown(word: bytes) -> str:
    """`word` as errors quote it."""
    return repr(word.decode("utf-8", "replace"))


def no_such_file(path: str) -> InputError:
    """The error for a file that is missing."""
    return InputError(
        f"{path}: got no such file, expected word vectors on a local disk; correct the path"
    )


def unreadable(path: str, error: Exception) -> InputError:
    """The error for whatever an undamaged file does not raise."""
    what = one_line(error) or type(error).__name__
    return InputError(
        f"{path}: got data that cannot be read ({what}), "
        "expected a whole, undamaged file; fetch the file again"
    )
