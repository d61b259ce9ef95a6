"""WordPiece: words as BERT splits them, then the longest pieces from the left."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_NAME
from preprocess.tokenizers.bert import split_words
from preprocess.tokenizers.normalize import import_tensorflow_text, normalize
from preprocess.tokenizers.piece_lines import read_pieces
from preprocess.tokenizers.subword import FilePath, Inventory, SubwordTokenizer
from preprocess.tokenizers.wordpiece_training import WordpieceTraining

with lazy_imports():
    import tensorflow as tf
MAX_CHARACTERS = 100_000
# No piece holds it, as it is no UTF-8, so it stands for a word that is unknown.
_NO_WORD = b"\xff"
# `max_characters` limits words; the op's own limit counts bytes.
_NO_LIMIT = 2**31 - 1


class Wordpiece(SubwordTokenizer):
    """Pieces as of BERT. `normalize: [lower, strip_accents]` goes with its uncased vocabularies."""

    FILE = "vocabulary"
    SUFFIX = ".pieces.txt"

    kind: Literal["wordpiece"] = "wordpiece"
    vocabulary: FilePath | None = None
    """A vocabulary, one piece a line (BERT's `vocab.txt`); its path starts at the folder of the
    spec file. Null: learned by the build from the words of the train split."""
    train: WordpieceTraining | None = None
    """How the build learns a vocabulary when none is given."""
    unknown_token: Annotated[str, Field(min_length=1, max_length=MAX_NAME)] = "[UNK]"
    """The piece that stands for a word that the others cannot spell."""
    prefix: Annotated[str, Field(min_length=1, max_length=MAX_NAME)] = "##"
    """Begins every piece that continues a word."""
    max_characters: Annotated[int, Field(ge=1, le=MAX_CHARACTERS)] = 100
    """A longer word is unknown."""

    def inventory(self) -> Inventory:
        pieces = self._pieces()
        if self.unknown_token not in pieces:
            raise self._refused(
                f"no piece {self.unknown_token!r}",
                "the piece that tokenizer.unknown_token names, which an unknown word becomes",
            )
        return Inventory(pieces, pieces.index(self.unknown_token))

    def words(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """The normalized words that pieces are made of; shapes as for `__call__`."""
        return split_words(normalize(texts, self.normalize))

    def _pieces(self) -> list[str]:
        return read_pieces(self.file or "", self._content())

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        words = split_words(texts)
        lengths = tf.strings.length(words.flat_values, unit="UTF8_CHAR")
        known = tf.where(lengths > self.max_characters, _NO_WORD, words.flat_values)
        return words.with_flat_values(self._op().tokenize(known)).merge_dims(1, 2)

    def _op(self) -> Any:
        """tensorflow-text's tokenizer of single words; its model is a constant of the graph."""
        return import_tensorflow_text().FastWordpieceTokenizer(
            self._pieces(),
            suffix_indicator=self.prefix,
            max_bytes_per_word=_NO_LIMIT,
            token_out_type=tf.string,
            unknown_token=self.unknown_token,
            no_pretokenization=True,
        )
