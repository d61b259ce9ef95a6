"""MeCab's one-best segmentation as a TensorFlow graph: standard ops, no Python at run time.

MeCab (https://taku910.github.io/mecab) looks up every word of a text in a dictionary, adds unknown
words by the type of their characters, and finds the cheapest way through this lattice by the
Viterbi algorithm. Here its compiled dictionary becomes arrays, and these steps become graph code
that gives the same tokens. Files bear the names of MeCab's own sources where there is such a one.

Reading a dictionary needs numpy alone; TensorFlow is imported with `Segmenter`.

Example:
  >>> dictionary = read_dictionary(find_dictionary("ipadic"))
  >>> segmenter = Segmenter(dictionary)
  >>> segmenter.segment(tf.constant(["すもももももももものうち"]))
  <tf.RaggedTensor [["すもも", "も", "もも", "も", "もも", "の", "うち"]]>
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from preprocess.mecab.compile_dictionary import compile_dictionary
from preprocess.mecab.dictionary import Dictionary
from preprocess.mecab.find import find_dictionary
from preprocess.mecab.limits import MAX_BYTES
from preprocess.mecab.read import read_dictionary

if TYPE_CHECKING:
    from preprocess.mecab.segmenter import Segmenter

__all__ = [
    "MAX_BYTES",
    "Dictionary",
    "Segmenter",
    "compile_dictionary",
    "find_dictionary",
    "read_dictionary",
]


def __getattr__(name: str) -> Any:
    if name != "Segmenter":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("preprocess.mecab.segmenter").Segmenter
