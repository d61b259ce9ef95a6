"""A `Dictionary` in one file: numpy's `.npz`, without pickles, and a header of what it is."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from preprocess.core.errors import ArtifactError
from preprocess.core.storage import replacing
from preprocess.mecab.dictionary.char_property import CharProperty
from preprocess.mecab.dictionary.connector import Connector
from preprocess.mecab.dictionary.dictionary import Dictionary, Words
from preprocess.mecab.dictionary.double_array import DoubleArray

_MAGIC = "text2seq mecab dictionary"
FORMAT = 1
_REMEDY = "write it again with `text2seq dictionary`"

# Scalars of a `Dictionary` stand in the header, texts as one text a line.
_SCALARS = ("version", "hash", "max_grouping", "has_base_forms")
_TEXTS = ("base_forms", "parts_of_speech")
_WORDS = ("left_id", "right_id", "cost", "base", "part_of_speech")


def save_dictionary(dictionary: Dictionary, path: Path) -> None:
    """Writes a dictionary to one file in one go: a reader sees the old file or the new one.

    The same dictionary gives the same bytes.
    """
    with replacing(str(path)) as file:
        np.savez_compressed(file, **_arrays(dictionary))


def load_dictionary(path: Path) -> Dictionary:
    """Reads a file that `save_dictionary` wrote.

    Raises:
      ArtifactError: it is missing, no such file, damaged, or of a newer format.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            header = _header(arrays, path)
            return _dictionary(header, {name: arrays[name] for name in arrays.files})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, ArtifactError):
            raise
        raise ArtifactError(
            f"{path}: got a file that cannot be read ({error}), expected a compiled dictionary; "
            f"{_REMEDY}"
        ) from error


def _arrays(dictionary: Dictionary) -> dict[str, Any]:
    header = {"magic": _MAGIC, "format": FORMAT, "categories": dictionary.characters.categories}
    header |= {name: getattr(dictionary, name) for name in _SCALARS}
    header["left_size"] = dictionary.connector.left_size
    return {
        "header": _text(json.dumps(header)),
        "base": dictionary.trie.base,
        "check": dictionary.trie.check,
        "characters": dictionary.characters.packed,
        "connections": dictionary.connector.costs,
        "unknown_first": dictionary.unknown_first,
        "unknown_count": dictionary.unknown_count,
        **{f"word_{name}": getattr(dictionary.words, name) for name in _WORDS},
        **{name: _text("\n".join(getattr(dictionary, name))) for name in _TEXTS},
    }


def _dictionary(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> Dictionary:
    others: dict[str, Any] = {name: header[name] for name in _SCALARS}
    others |= {name: _texts(arrays[name]) for name in _TEXTS}
    return Dictionary(
        trie=DoubleArray(arrays["base"], arrays["check"]),
        words=Words(*(arrays[f"word_{name}"] for name in _WORDS)),
        unknown_first=arrays["unknown_first"],
        unknown_count=arrays["unknown_count"],
        characters=CharProperty(tuple(header["categories"]), arrays["characters"]),
        connector=Connector(arrays["connections"], header["left_size"]),
        **others,
    )


def _header(arrays: Any, path: Path) -> dict[str, Any]:
    header = json.loads(arrays["header"].tobytes()) if "header" in arrays else {}
    if header.get("magic") != _MAGIC:
        raise ArtifactError(
            f"{path}: got a file of another kind, expected a compiled dictionary; {_REMEDY}"
        )
    if header["format"] > FORMAT:
        raise ArtifactError(
            f"{path}: got format {header['format']}, expected at most {FORMAT}; "
            "upgrade text2seq or write the file again"
        )
    return header


def _text(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _texts(array: np.ndarray) -> tuple[str, ...]:
    return tuple(array.tobytes().decode("utf-8").split("\n")) if len(array) else ()
