"""Tokens of Japanese as MeCab gives them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from preprocess.core.storage import starting_at
from preprocess.mecab.dictionary.limits import MAX_BYTES
from preprocess.mecab.dictionary.wheels import WHEELS
from preprocess.tokenizers.base import Tokenizer, UsedDictionary

if TYPE_CHECKING:
    import tensorflow as tf

    from preprocess.mecab.dictionary import Dictionary
    from preprocess.mecab.graph import Segmenter

Name = Annotated[str, Field(min_length=1)]


class Mecab(Tokenizer):
    """Splits as MeCab's one-best segmentation does, inside the graph; blanks are no tokens.

    The dictionary becomes part of the graph: neither it nor MeCab is needed to serve.
    """

    kind: Literal["mecab"] = "mecab"
    dictionary: Name = "ipadic"
    """`ipadic` or `unidic-lite` for that of the installed wheel, the folder of a compiled MeCab
    dictionary, or a file that `text2seq dictionary` wrote; a path starts at the spec's folder."""
    form: Literal["surface", "base"] = "surface"
    """The word as it stands in the text, or its base form (食べ → 食べる)."""
    drop: list[Name] = Field(default_factory=list)
    """Parts of speech whose tokens are left out, such as 記号 (symbols) or 助詞,格助詞."""

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        return _tracked(self).segment(texts)

    @property
    def max_bytes(self) -> int | None:
        return MAX_BYTES

    def used_dictionary(self) -> UsedDictionary | None:
        dictionary = _dictionary(self.dictionary)
        return UsedDictionary(
            name=self.dictionary, version=dictionary.version, sha256=dictionary.hash
        )

    def starting_at(self, folder: str) -> Self:
        if self.dictionary in WHEELS:
            return self
        return self.model_copy(update={"dictionary": starting_at(folder, self.dictionary)})

    def check(self) -> None:
        super().check()
        _segmenter(self)


def _tracked(mecab: Mecab) -> Segmenter:
    """The segmenter; tf.Transform exports it with the graph that is being traced, if any."""
    import tensorflow as tf
    import tensorflow_transform as tft

    segmenter = _segmenter(mecab)
    if not tf.inside_function():
        return segmenter
    name = f"mecab_{hashlib.sha256(mecab.model_dump_json().encode()).hexdigest()[:16]}"
    try:
        tft.make_and_track_object(lambda: segmenter, name)
    except RuntimeError:  # no preprocessing_fn is being traced: whoever traces keeps the variables
        return segmenter
    return segmenter


def _segmenter(mecab: Mecab) -> Segmenter:
    return _made(_dictionary(mecab.dictionary), mecab.form, tuple(mecab.drop))


@lru_cache(maxsize=4)
def _made(dictionary: Dictionary, form: str, drop: tuple[str, ...]) -> Segmenter:
    """Its variables, 20 MB for IPADIC, are made once in a process."""
    import tensorflow as tf

    from preprocess.mecab.graph import Segmenter

    with tf.init_scope():
        return Segmenter(dictionary, base_form=form == "base", drop=drop)


def _dictionary(name: str) -> Dictionary:
    """A dictionary by name, folder or file.

    Raises:
      UsageError: there is none of this name, or it cannot be used.
      ArtifactError: the file is damaged or of a newer format.
    """
    from preprocess.mecab.dictionary import find_dictionary

    path = Path(name) if Path(name).is_file() else find_dictionary(name)
    changing = path / "sys.dic" if path.is_dir() else path
    return _read(path, changing.stat().st_mtime_ns if changing.is_file() else 0)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Dictionary:
    """Reads a dictionary, which takes seconds, anew only when it has changed."""
    from preprocess.mecab.dictionary import Dictionary, read_dictionary

    return read_dictionary(path) if path.is_dir() else Dictionary.load(path)
