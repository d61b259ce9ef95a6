"""Base forms and parts of speech out of the features of tokens."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from preprocess.mecab.dictionary.lexicon import Lexicon
from preprocess.mecab.dictionary.mecab_files import unusable

SURFACE = -1
"""In place of an index of a base form: the token stands as it does in the text."""

_PARTS = 4  # the fields of a feature that give the part of speech, in IPADIC and UniDic
_NONE = "*"

# IPADIC (README of mecab-ipadic): 原形 is field 6 of 9. UniDic (dicrc): f[10] orthBase, the base
# form in the spelling of the text, of 17 fields and more; f[7] lemma would merge spellings.
_IPADIC_FIELDS, _IPADIC_BASE = 9, 6
_UNIDIC_FIELDS, _UNIDIC_BASE = 17, 10


@dataclass(frozen=True)
class Features:
    """What is kept of the features of tokens.

    Attributes:
      base: int32, shape (tokens,): index into `base_forms`, or `SURFACE`.
      part_of_speech: int32, shape (tokens,): index into `parts_of_speech`.
      base_forms: unique, in the order of their first token.
      parts_of_speech: likewise; such as `名詞,固有名詞,人名,姓`.
    """

    base: np.ndarray
    part_of_speech: np.ndarray
    base_forms: tuple[str, ...]
    parts_of_speech: tuple[str, ...]


def base_field(feature_fields: int) -> int | None:
    """Which field of a feature is the base form; None if features have another layout.

    Args:
      feature_fields: number of fields of a known word's feature.
    """
    if feature_fields == _IPADIC_FIELDS:
        return _IPADIC_BASE
    return _UNIDIC_BASE if feature_fields >= _UNIDIC_FIELDS else None


def read_features(
    known: Lexicon, surfaces: list[str], unknown: Lexicon, field: int | None
) -> Features:
    """The `Features` of all tokens, those of the dictionary before those of unknown words.

    Args:
      known: sys.dic.
      surfaces: of each token of `known`; where a base form equals it, none is kept.
      unknown: unk.dic, whose tokens have no base forms.
      field: of the base form; None for none.

    Raises:
      UsageError: a feature is no CSV, or not in UTF-8.
    """
    bases: dict[str, int] = {}
    parts: dict[str, int] = {}
    base, part = [], []
    for surface, fields in zip(surfaces, _fields(known, "sys.dic"), strict=True):
        part.append(_index(parts, ",".join(fields[:_PARTS])))
        form = fields[field] if field is not None and field < len(fields) else _NONE
        base.append(SURFACE if form in (surface, _NONE, "") else _index(bases, form))
    for fields in _fields(unknown, "unk.dic"):
        part.append(_index(parts, ",".join(fields[:_PARTS])))
        base.append(SURFACE)
    return Features(np.array(base, np.int32), np.array(part, np.int32), tuple(bases), tuple(parts))


def has_part_of_speech(part: str, prefix: str) -> bool:
    """Whether `part`, such as `記号,句点,*,*`, begins with the fields of `prefix`, as `記号`."""
    return f"{part},".startswith(f"{prefix.rstrip(',')},")


def _fields(lexicon: Lexicon, file: str) -> Iterator[list[str]]:
    """The fields of every token's feature; those in quotes may hold commas."""
    offsets = lexicon.tokens["feature"].tolist()
    features = lexicon.features
    texts = (features[offset : features.index(b"\0", offset)].decode("utf-8") for offset in offsets)
    count = 0
    try:
        for fields in csv.reader(texts):
            count += 1
            yield fields
    except (ValueError, csv.Error) as error:
        raise unusable(file, f"features that cannot be read ({error})", "CSV in UTF-8") from error
    if count != len(offsets):  # a quote without its end takes the features that follow
        raise unusable(file, f"{count:,} features", f"one for each of {len(offsets):,} tokens")


def _index(indices: dict[str, int], key: str) -> int:
    return indices.setdefault(key, len(indices))
