"""SentencePiece: subwords of raw text, blanks included (Kudo and Richardson, EMNLP 2018)."""

from __future__ import annotations

from typing import Any, Literal

from preprocess.core.first_bytes import HEAD_BYTES, foreign
from preprocess.core.lazy import lazy_imports
from preprocess.tokenizers.normalize import import_tensorflow_text
from preprocess.tokenizers.sentencepiece_training import (
    SentencepieceTraining,
    import_sentencepiece,
)
from preprocess.tokenizers.subword import FilePath, Inventory, SubwordTokenizer

with lazy_imports():
    import tensorflow as tf
    from google.protobuf import message
    from sentencepiece import sentencepiece_model_pb2

_MODEL = "a SentencePiece model"


class Sentencepiece(SubwordTokenizer):
    """Pieces exactly as of the `sentencepiece` library; the model has its own normalization.

    A text's tokens are the names of its pieces; what no piece covers is the unknown piece.
    """

    FILE = "model"
    SUFFIX = ".model"

    kind: Literal["sentencepiece"] = "sentencepiece"
    model: FilePath | None = None
    """A SentencePiece model; its path starts at the folder of the spec file. Null: trained by the
    build on texts of the train split."""
    train: SentencepieceTraining | None = None
    """How the build trains a model when none is given."""

    def inventory(self) -> Inventory:
        model = self._read(self._content())
        size = model.get_piece_size()
        if not size:  # the library takes an empty file
            raise self._refused("no piece", _MODEL)
        return Inventory([model.id_to_piece(place) for place in range(size)], model.unk_id())

    def _read(self, content: bytes) -> Any:
        """The library's own reading of a model."""
        library = import_sentencepiece()
        try:
            self._check_pieces(content)
            return library.SentencePieceProcessor(model_proto=content)
        except (RuntimeError, message.DecodeError) as error:
            other = foreign(content[:HEAD_BYTES], len(content))
            what = other.what if other else "a file that sentencepiece cannot read"
            raise self._refused(what, _MODEL) from error

    def _check_pieces(self, content: bytes) -> None:
        """Refuses a NUL, over which the library ends the process, and what is no UTF-8."""
        pieces = sentencepiece_model_pb2.ModelProto.FromString(content).pieces
        for number, piece in enumerate((piece.piece for piece in pieces), 1):
            if isinstance(piece, bytes) or "\0" in piece:  # bytes are no UTF-8
                raise self._refused(f"piece {number}, {piece!r}", "pieces in UTF-8 without NULs")

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        # Made where it is used, the model is a node of the graph and needs no other file.
        tokenizer = import_tensorflow_text().SentencepieceTokenizer(self._content())
        ids = tokenizer.tokenize(texts)
        # By id, as the op names an unknown piece by its text, which may be that of another piece.
        pieces = tf.constant(self.inventory().pieces)
        return ids.with_flat_values(tf.gather(pieces, ids.flat_values))
