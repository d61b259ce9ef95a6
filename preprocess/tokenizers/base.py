"""What every tokenizer is: declared options, and graph code from texts to tokens."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from preprocess.core.columns import RawColumn
from preprocess.core.declared import Declared
from preprocess.core.lazy import lazy_imports
from preprocess.core.op_libraries import TENSORFLOW_TEXT, OpLibrary
from preprocess.tokenizers.normalize import (
    NEEDS_TENSORFLOW_TEXT,
    Normalization,
    find_tensorflow_text,
    import_tensorflow_text,
    normalize,
)
from preprocess.tokenizers.token_bytes import (
    SeparatedTexts,
    TokenBytes,
    joined_tokens,
    tokens_between,
)

with lazy_imports():
    import tensorflow as tf

MAX_NORMALIZATIONS = 16
"""Each is a pass over every text."""


class UsedDictionary(Declared):
    """A dictionary that has become part of a graph."""

    name: str
    """Name of the dictionary, as declared."""
    version: str
    """Version that the dictionary itself names; may be empty."""
    sha256: str
    """SHA-256 of the dictionary's files."""


class Tokenizer(Declared):
    """The options of a tokenizer, and its graph code.

    An instance is a plain value: it can be compared, pickled and written into the manifest.
    TensorFlow is imported only when it is called.
    """

    normalize: Annotated[list[Normalization], Field(max_length=MAX_NORMALIZATIONS)] = []
    """Applied to the text in this order, before it is split; to each token of a list."""
    if TYPE_CHECKING:  # each kind declares it after what its bases declare
        kind: str

    def __call__(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Splits texts into tokens.

        Args:
          texts: string tensor of shape (batch,), UTF-8; invalid bytes may become U+FFFD. Where
            `raw` is a list, a RaggedTensor of shape (batch, None).

        Returns:
          string RaggedTensor of shape (batch, None) with int64 row splits; no token is empty, and
          an empty text has none.
        """
        if self.raw.is_ragged:
            return self._split(texts.with_values(normalize(texts.values, self.normalize)))
        return self._split(normalize(texts, self.normalize))

    def token_bytes(self, texts: tf.Tensor, tokens: tf.RaggedTensor) -> TokenBytes:
        """The tokens in another form, for those who count millions of them.

        Args:
          texts: as for `__call__`.
          tokens: what `__call__` gives for them; the graph need not make them.
        """
        if self.raw.is_ragged:
            return joined_tokens(tokens)
        separated = self._separated(normalize(texts, self.normalize))
        return joined_tokens(tokens) if separated is None else tokens_between(separated)

    @abstractmethod
    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Splits normalized texts; shapes as for `__call__`."""

    def _separated(self, texts: tf.Tensor) -> SeparatedTexts | None:
        """What `_split` splits at single bytes, and drops empty tokens; None: it does otherwise."""
        return None

    @property
    def raw(self) -> RawColumn:
        """The column as a source gives it: texts, or lists of them."""
        return RawColumn("text")

    @property
    def op_libraries(self) -> list[OpLibrary]:
        """Python packages whose ops the graph needs beside TensorFlow's own."""
        return [TENSORFLOW_TEXT] if NEEDS_TENSORFLOW_TEXT & set(self.normalize) else []

    @property
    def max_bytes(self) -> int | None:
        """Longest text in bytes of UTF-8 that is split by the rules; None: any."""
        return None

    def used_dictionary(self) -> UsedDictionary | None:
        """The dictionary that becomes part of the graph, if any."""
        return None

    def starting_at(self, folder: str) -> Self:
        """This tokenizer with its relative paths made to start at `folder`."""
        return self

    def check_files(self) -> None:
        """Checks libraries and files as far as TensorFlow is not needed for it.

        Raises:
          UsageError, SpecError, ArtifactError: one is missing or damaged.
        """
        if self.op_libraries:
            find_tensorflow_text()

    def check(self) -> None:
        """Checks that the graph can be traced: that no library or file is missing.

        Raises:
          UsageError, SpecError, ArtifactError: with what to do about it.
        """
        if self.op_libraries:
            import_tensorflow_text()
