"""sys.dic and unk.dic: header, double array, tokens and features (dictionary.cpp)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from preprocess.mecab.dictionary.double_array import DoubleArray
from preprocess.mecab.dictionary.mecab_files import unusable

_MAGIC = 0xEF718F77  # DictionaryMagicID: the first field is the file's size xor this
_VERSION = 102  # DIC_VERSION
_HEADER = struct.Struct("<10I32s")
_KINDS = {0: "a system dictionary", 1: "a user dictionary", 2: "an unknown-word dictionary"}
_KIND_OF = {"sys.dic": 0, "unk.dic": 2}

TOKEN = np.dtype(
    [
        ("left_id", "<u2"),
        ("right_id", "<u2"),
        ("part_of_speech", "<u2"),
        ("cost", "<i2"),
        ("feature", "<u4"),  # where in `features` it begins
        ("compound", "<u4"),
    ]
)


@dataclass(frozen=True)
class Lexicon:
    """What a `.dic` file holds.

    Attributes:
      trie: key to `run_of` its tokens.
      tokens: `TOKEN`, shape (tokens,); those of a key lie together, in the dictionary's order.
      features: comma-separated fields in UTF-8, each feature ended by NUL.
      left_size, right_size: numbers of left and right context ids.
    """

    trie: DoubleArray
    tokens: np.ndarray
    features: bytes
    left_size: int
    right_size: int

    @classmethod
    def parse(cls, content: bytes, file: str) -> Lexicon:
        """Parses the content of a `.dic` file.

        Args:
          content: the whole file.
          file: `sys.dic` or `unk.dic`.

        Raises:
          UsageError: another format, version, kind or charset, or it is cut short.
        """
        if len(content) < _HEADER.size:
            raise unusable(file, f"{len(content)} bytes", f"a header of {_HEADER.size} bytes")
        magic, version, kind, _, left, right, *sizes, _, charset = _HEADER.unpack_from(content)
        _check(file, magic ^ _MAGIC, len(content), version)
        _check_kind(file, kind, charset.rstrip(b"\0").decode("ascii", "replace"))
        trie, tokens, features = _sections(content, sizes, file)
        return cls(
            DoubleArray.parse(trie), np.frombuffer(tokens, TOKEN), features, int(left), int(right)
        )

    def feature(self, token: int) -> str:
        """The feature of a token, such as `名詞,一般,*,*,*,*,猫,ネコ,ネコ`."""
        begin = int(self.tokens["feature"][token])
        return self.features[begin : self.features.index(b"\0", begin)].decode("utf-8")


def _check(file: str, size: int, real_size: int, version: int) -> None:
    if size != real_size:
        raise unusable(
            file,
            f"a magic number that stands for {size} bytes in a file of {real_size}",
            "a compiled dictionary of just its size",
        )
    if version != _VERSION:
        raise unusable(file, f"format version {version}", f"version {_VERSION}")


def _check_kind(file: str, kind: int, charset: str) -> None:
    if kind != _KIND_OF[file]:
        got = _KINDS.get(kind, f"kind {kind}")
        raise unusable(file, got, _KINDS[_KIND_OF[file]])
    if charset.lower().replace("-", "").replace("_", "") != "utf8":
        remedy = "compile it anew with `mecab-dict-index -t utf-8`"
        raise unusable(file, f"charset {charset}", "UTF-8", remedy)


def _sections(content: bytes, sizes: list[int], file: str) -> list[bytes]:
    """Double array, tokens and features, whose sizes in bytes the header gives."""
    bounds = np.cumsum([_HEADER.size, *sizes])
    if bounds[-1] != len(content) or sizes[0] % 8 or sizes[1] % TOKEN.itemsize:
        raise unusable(file, f"sections of {sizes} bytes", f"{len(content)} bytes in all")
    return [content[a:b] for a, b in pairwise(bounds)]
