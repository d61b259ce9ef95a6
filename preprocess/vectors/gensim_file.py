"""Word vectors that gensim saved with `save`: KeyedVectors, or a model that holds some."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from preprocess.core.errors import InputError
from preprocess.core.optional import import_optional
from preprocess.vectors.vector_file import Vector, is_finite, no_such_file, shown, unreadable


@dataclass(frozen=True)
class NativeFile:
    """KeyedVectors of gensim; large matrices are mapped into memory, not read.

    Attributes:
      path: names the file in errors.
      keyed: gensim's KeyedVectors, or what has their `key_to_index` and `vectors`.
    """

    path: str
    keyed: Any

    @classmethod
    def open(cls, path: str) -> NativeFile:
        """Unpickles `path`, which can run any code: open only what you trust.

        Raises:
          UsageError: gensim is not installed.
          InputError: the file is missing, damaged or compressed, or holds something else.
        """
        keyed_vectors = import_gensim("word vectors that need gensim to be read").KeyedVectors
        if not os.path.isfile(path):
            raise no_such_file(path)
        try:
            loaded = keyed_vectors.load(path, mmap="r")
        except Exception as error:  # unpickling can raise anything
            raise unreadable(path, error) from error
        keyed = getattr(loaded, "wv", loaded)
        if not (hasattr(keyed, "key_to_index") and hasattr(keyed, "vectors")):
            raise InputError(
                f"{path}: got a pickled {type(loaded).__name__}, expected gensim's KeyedVectors or "
                "a model with wv; save its vectors with KeyedVectors.save"
            )
        return cls(path, keyed)

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""
        return int(self.keyed.vectors.shape[1])

    def vectors(self, pending: dict[bytes, int]) -> Iterator[tuple[int, Vector]]:
        """Rows and vectors of the pending words; see `VectorFile`."""
        places = self.keyed.key_to_index
        words = ((word.decode("utf-8", "surrogatepass"), row) for word, row in pending.items())
        found = [(places[word], row, word) for word, row in words if word in places]
        for place, row, word in sorted(found):  # in the order of the file, for the disk's sake
            vector = np.asarray(self.keyed.vectors[place], np.float32)
            if not is_finite(vector):
                raise self._not_finite(word, vector)
            yield row, vector

    def _not_finite(self, word: str, vector: Vector) -> InputError:
        got = vector[~np.isfinite(vector)][0]
        return InputError(
            f"{self.path}: got {got} among the numbers of {shown(word.encode())}, "
            "expected finite numbers of 32 bits; save the vectors again without the word"
        )


def import_gensim(needed_for: str) -> ModuleType:
    """gensim's models; `needed_for` is what needs them.

    Raises:
      UsageError: it is not installed.
    """
    return import_optional("gensim.models", needed_for, "vectors")
