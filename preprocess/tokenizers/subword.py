"""What tokenizers share that split words into the pieces of a file: a given one, or a trained one.

The pieces of the file are the vocabulary, in its order, so an id is the id of the library that
made the file plus a constant: the first id after padding, OOV ids and reserved tokens. The unknown
piece is what has the OOV id. Where it is the first of the file, as by default in both libraries,
it has no other id: with `oov: token` an id is then the library's plus 1, that of the unknown piece
too; with `oov: drop` it is the library's own. Elsewhere it leaves a gap, an id that no text has.
So do control pieces such as `<s>` and `[CLS]`: they keep their place, and count 0 in texts.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from preprocess.core.declared import Declared
from preprocess.core.errors import SpecError, one_line, reason_of
from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_PATH
from preprocess.core.op_libraries import TENSORFLOW_TEXT, OpLibrary
from preprocess.core.problem import problem
from preprocess.core.storage import read_bytes, starting_at
from preprocess.tokenizers.base import Tokenizer
from preprocess.tokenizers.sentencepiece_training import import_sentencepiece

with lazy_imports():
    import tensorflow as tf

FilePath = Annotated[str, Field(min_length=1, max_length=MAX_PATH)]


@dataclass(frozen=True)
class Inventory:
    """The pieces of a file.

    Attributes:
      pieces: all of them, by the library's id.
      unknown: the id of the piece that stands for what the others cannot spell.
    """

    pieces: Sequence[str]
    unknown: int

    @property
    def words(self) -> list[str]:
        """The pieces that get ids after the OOV ids and reserved tokens, in this order."""
        return list(self.pieces[1:] if self.unknown == 0 else self.pieces)

    @property
    def unknown_piece(self) -> str:
        return self.pieces[self.unknown]


class SubwordTokenizer(Tokenizer):
    """A tokenizer whose pieces come from a file, which the build trains if none is given."""

    FILE: ClassVar[str]
    """The option that holds the path of the file."""
    SUFFIX: ClassVar[str]
    """Ends the file's name in an artifact."""

    train: Declared | None = None

    @model_validator(mode="before")
    @classmethod
    def _trained_by_default(cls, data: object) -> object:
        if isinstance(data, dict) and data.get(cls.FILE) is None and data.get("train") is None:
            return {**data, "train": {}}
        return data

    @model_validator(mode="after")
    def _given_or_trained(self) -> Self:
        if self.file is not None and self.train is not None:
            raise problem(
                f"got both {self.FILE} and train",
                "one of them",
                f"remove train to use the file, or {self.FILE} to train one",
            )
        return self

    @property
    def file(self) -> str | None:
        """The path or URI of the file; None before it is trained."""
        path: str | None = getattr(self, self.FILE)
        return path

    def reading(self, path: str | None) -> Self:
        """This tokenizer with another file; what it was trained by stays known."""
        return self.model_copy(update={self.FILE: path})

    @abstractmethod
    def inventory(self) -> Inventory:
        """The pieces of the file.

        Raises:
          SpecError: it is missing or damaged, or has no unknown piece.
          UsageError: a library that reads it is not installed.
        """

    @property
    def op_libraries(self) -> list[OpLibrary]:
        return [TENSORFLOW_TEXT]

    def starting_at(self, folder: str) -> Self:
        return self if self.file is None else self.reading(starting_at(folder, self.file))

    def check_files(self) -> None:
        super().check_files()
        if self.file is None:
            import_sentencepiece()  # which trains it
        else:
            self.inventory()

    def check(self) -> None:
        super().check()
        self.check_files()
        if self.file is not None:
            self._check_ops()

    def _check_ops(self) -> None:
        """Refuses a file that the ops refuse, which they may though it can be read."""
        try:
            self(tf.constant([""]))
        except (RuntimeError, tf.errors.OpError) as error:
            what = f"a {self.FILE} that tensorflow-text refuses ({error})"
            raise self._refused(what, "one that it takes") from error

    def _content(self) -> bytes:
        """The bytes of the file.

        Raises:
          SpecError: it cannot be read.
        """
        assert self.file is not None, "the build trains the file before it is read"
        try:
            return read_bytes(self.file)
        except OSError as error:
            raise SpecError(
                f"{self.file}: cannot be read ({reason_of(error)}), expected the file that "
                f"tokenizer.{self.FILE} names; check the path, which starts at the spec's folder"
            ) from error

    def _refused(self, reason: object, expected: str) -> SpecError:
        """The error for a file that cannot be used."""
        what = one_line(reason)
        return SpecError(f"{self.file}: got {what}, expected {expected}; give another file")
