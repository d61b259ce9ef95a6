"""A compiled MeCab dictionary, read from MeCab's files and kept in one of ours; numpy alone."""

from preprocess.mecab.dictionary.compiled_file import load_dictionary, save_dictionary
from preprocess.mecab.dictionary.compiler import compile_dictionary
from preprocess.mecab.dictionary.dictionary import Dictionary
from preprocess.mecab.dictionary.limits import MAX_BYTES
from preprocess.mecab.dictionary.reader import read_dictionary
from preprocess.mecab.dictionary.wheels import WHEELS, find_dictionary

__all__ = [
    "MAX_BYTES",
    "WHEELS",
    "Dictionary",
    "compile_dictionary",
    "find_dictionary",
    "load_dictionary",
    "read_dictionary",
    "save_dictionary",
]
