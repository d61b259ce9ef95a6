"""A `Dictionary` in one file: numpy's `.npz`, without pickles, and a header of what it is.

The header has a checksum of everything: a file that loads is the file that was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from preprocess.core.errors import ArtifactError, one_line
from preprocess.core.storage import replacing
from preprocess.mecab.dictionary.char_property import CharProperty
from preprocess.mecab.dictionary.connector import Connector
from preprocess.mecab.dictionary.dictionary import Dictionary, Words
from preprocess.mecab.dictionary.double_array import DoubleArray

_MAGIC = "text2seq mecab dictionary"
FORMAT = 2
_HEADER, _CHECKSUM = "header", "checksum"
_REMEDY = "write it again with `text2seq dictionary`"

# Scalars of a `Dictionary` stand in the header, texts as one text a line.
_SCALARS = ("version", "hash", "max_grouping", "has_base_forms")
_TEXTS = ("base_forms", "parts_of_speech")
_WORDS = ("left_id", "right_id", "cost", "base", "part_of_speech")


def save_dictionary(dictionary: Dictionary, path: Path, overwrite: bool = True) -> None:
    """Writes a dictionary to one file in one go: a reader sees the old file or the new one.

    The same dictionary gives the same bytes.

    Raises:
      FileExistsError: there is a file, and not `overwrite`.
    """
    with replacing(str(path), exclusive=not overwrite) as file:
        np.savez_compressed(file, **_arrays(dictionary))


def load_dictionary(path: Path) -> Dictionary:
    """Reads a file that `save_dictionary` wrote.

    Raises:
      ArtifactError: it is missing, no such file, damaged, or of a newer format.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            header = _header(arrays, path)
            parts = {name: arrays[name] for name in arrays.files if name != _HEADER}
            if header.pop(_CHECKSUM, None) != _checksum(header, parts):
                raise ArtifactError(
                    f"{path}: got content that does not fit its checksum, expected it as it was "
                    f"written; {_REMEDY}"
                )
            return _dictionary(header, parts)
    except ArtifactError:
        raise
    except Exception as error:  # zip, zlib and numpy raise anything for a damaged file
        what = one_line(error) or type(error).__name__
        raise ArtifactError(
            f"{path}: got a file that cannot be read ({what}), expected a compiled dictionary; "
            f"{_REMEDY}"
        ) from error


def _arrays(dictionary: Dictionary) -> dict[str, Any]:
    header: dict[str, Any] = {"magic": _MAGIC, "format": FORMAT}
    header["categories"] = dictionary.characters.categories
    header |= {name: getattr(dictionary, name) for name in _SCALARS}
    header["left_size"] = dictionary.connector.left_size
    parts = {
        "base": dictionary.trie.base,
        "check": dictionary.trie.check,
        "characters": dictionary.characters.packed,
        "connections": dictionary.connector.costs,
        "unknown_first": dictionary.unknown_first,
        "unknown_count": dictionary.unknown_count,
        **{f"word_{name}": getattr(dictionary.words, name) for name in _WORDS},
        **{name: _text("\n".join(getattr(dictionary, name))) for name in _TEXTS},
    }
    header[_CHECKSUM] = _checksum(header, parts)
    return {_HEADER: _text(json.dumps(header)), **parts}


def _checksum(header: Mapping[str, Any], parts: Mapping[str, np.ndarray]) -> str:
    """SHA-256, in hex, of a header without checksum, and of what all arrays are and hold."""
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name, array in sorted(parts.items()):
        digest.update(f"\0{name} {array.dtype.str} {array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


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
    header = json.loads(arrays[_HEADER].tobytes()) if _HEADER in arrays else {}
    if not isinstance(header, dict) or header.get("magic") != _MAGIC:
        raise ArtifactError(
            f"{path}: got a file of another kind, expected a compiled dictionary; {_REMEDY}"
        )
    if header["format"] != FORMAT:
        is_newer = header["format"] > FORMAT
        remedy = "upgrade text2seq or write the file again" if is_newer else _REMEDY
        raise ArtifactError(f"{path}: got format {header['format']}, expected {FORMAT}; {remedy}")
    return header


def _text(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _texts(array: np.ndarray) -> tuple[str, ...]:
    return tuple(array.tobytes().decode("utf-8").split("\n")) if len(array) else ()
