"""Tokens of Japanese as MeCab gives them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from preprocess.core.lazy import lazy_imports
from preprocess.core.maxima import MAX_PATH
from preprocess.core.storage import starting_at
from preprocess.mecab.dictionary import (
    MAX_BYTES,
    WHEELS,
    Dictionary,
    find_dictionary,
    load_dictionary,
    read_dictionary,
)
from preprocess.tokenizers.base import Tokenizer, UsedDictionary

with lazy_imports():
    import tensorflow as tf

    from preprocess.mecab.graph import segmenter
    from preprocess.tokenizers import transform_library

Name = Annotated[str, Field(min_length=1, max_length=MAX_PATH)]
MAX_PARTS = 1_000


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
    drop: Annotated[list[Name], Field(max_length=MAX_PARTS)] = []
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

    def check_files(self) -> None:
        super().check_files()
        if not Path(self.dictionary).is_file():
            find_dictionary(self.dictionary)

    def check(self) -> None:
        super().check()
        _segmenter(self)


def _tracked(mecab: Mecab) -> segmenter.Segmenter:
    """The segmenter; tf.Transform exports it with the graph that is being traced, if any."""
    made = _segmenter(mecab)
    if not tf.inside_function():
        return made
    name = f"mecab_{hashlib.sha256(mecab.model_dump_json().encode()).hexdigest()[:16]}"
    try:
        transform_library.tft.make_and_track_object(lambda: made, name)
    except RuntimeError:  # no preprocessing_fn is being traced: the caller keeps the variables
        return made
    return made


def _segmenter(mecab: Mecab) -> segmenter.Segmenter:
    return _made(_dictionary(mecab.dictionary), mecab.form, tuple(mecab.drop))


@lru_cache(maxsize=4)
def _made(dictionary: Dictionary, form: str, drop: tuple[str, ...]) -> segmenter.Segmenter:
    """A segmenter, whose variables (20 MB for IPADIC) are made once in a process."""
    with tf.init_scope():
        return segmenter.Segmenter(dictionary, base_form=form == "base", drop=drop)


def _dictionary(name: str) -> Dictionary:
    """A dictionary by name, folder or file.

    Raises:
      UsageError: there is none of this name, or it cannot be used.
      ArtifactError: the file is damaged or of a newer format.
    """
    path = Path(name) if Path(name).is_file() else find_dictionary(name)
    changing = path / "sys.dic" if path.is_dir() else path
    return _read(path, changing.stat().st_mtime_ns if changing.is_file() else 0)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Dictionary:
    """Reads a dictionary, which takes seconds, anew only when it has changed."""
    return read_dictionary(path) if path.is_dir() else load_dictionary(path)
