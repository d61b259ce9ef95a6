"""Base forms and parts of speech out of the features of tokens."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from preprocess.core.lazy import lazy_imports
from preprocess.mecab.dictionary.lexicon import Lexicon
from preprocess.mecab.dictionary.mecab_files import unusable

with lazy_imports():
    import pyarrow as pa
    from pyarrow import compute as pc

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
    known: Lexicon, surfaces: pa.Array, unknown: Lexicon, field: int | None
) -> Features:
    """The `Features` of all tokens, those of the dictionary before those of unknown words.

    Args:
      known: sys.dic.
      surfaces: string, shape (tokens,), of each token of `known`; where a base form equals it, none
        is kept.
      unknown: unk.dic, whose tokens have no base forms.
      field: of the base form; None for none.

    Raises:
      UsageError: a feature is no CSV, or not in UTF-8.
    """
    of_known, of_unknown = _fields(known, "sys.dic", field), _fields(unknown, "unk.dic", None)
    forms = pc.if_else(pc.equal(of_known.base, surfaces), None, of_known.base)
    base, base_forms = _indices(pa.chunked_array([forms, of_unknown.base]))
    part, parts = _indices(pa.chunked_array([of_known.part, of_unknown.part]))
    return Features(base, part, base_forms, parts)


def has_part_of_speech(part: str, prefix: str) -> bool:
    """Whether `part`, such as `記号,句点,*,*`, begins with the fields of `prefix`, as `記号`."""
    return f"{part},".startswith(f"{prefix.rstrip(',')},")


class _Fields(NamedTuple):
    """What is taken of features: a base form, null where there is none, and a part of speech."""

    base: pa.Array
    part: pa.Array


def _fields(lexicon: Lexicon, file: str, field: int | None) -> _Fields:
    """The fields of every token's feature; those in quotes may hold commas."""
    try:
        texts = _texts(lexicon)
        fields = _of_plain(texts, field)
        quoted = np.flatnonzero(pc.match_substring_regex(texts, '["\r\n]'))
        if not len(quoted):
            return fields
        mask = np.zeros(len(texts), bool)
        mask[quoted] = True
        found = _of_quoted([texts[place].as_py() for place in quoted.tolist()], field)
        return _Fields(
            pc.replace_with_mask(fields.base, mask, found.base),
            pc.replace_with_mask(fields.part, mask, found.part),
        )
    # Arrow's errors are ValueErrors; a feature without its NUL is an IndexError.
    except (ValueError, IndexError, csv.Error) as error:
        raise unusable(file, f"features that cannot be read ({error})", "CSV in UTF-8") from error


def _texts(lexicon: Lexicon) -> pa.Array:
    """The feature of each token, which ends with NUL."""
    content = lexicon.features
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == 0)
    begins = lexicon.tokens["feature"].astype(np.int64)
    bounds = zip(begins.tolist(), ends[np.searchsorted(ends, begins)].tolist(), strict=True)
    return pa.array([content[begin:end] for begin, end in bounds], pa.binary()).cast(pa.string())


def _of_plain(texts: pa.Array, field: int | None) -> _Fields:
    """The fields of features without quotes."""
    splits = _PARTS if field is None else max(_PARTS, field + 1)
    lists = pc.split_pattern(texts, ",", max_splits=splits)
    part = pc.binary_join(pc.list_slice(lists, 0, _PARTS), ",")
    if field is None:
        return _Fields(pa.nulls(len(texts), pa.string()), part)
    has_field = pc.greater(pc.list_value_length(lists), field)
    places = pc.if_else(has_field, pc.add(lists.offsets[:-1], field), None)
    return _Fields(_without_none(lists.values.take(places)), part)


def _of_quoted(texts: Sequence[str], field: int | None) -> _Fields:
    rows = [next(csv.reader([text], strict=True), []) for text in texts]
    forms = [row[field] if field is not None and field < len(row) else None for row in rows]
    parts = [",".join(row[:_PARTS]) for row in rows]
    return _Fields(_without_none(pa.array(forms, pa.string())), pa.array(parts, pa.string()))


def _without_none(forms: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_in(forms, value_set=pa.array([_NONE, ""])), None, forms)


def _indices(values: pa.ChunkedArray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The index of each value, `SURFACE` for a null, and the unique values by index."""
    encoded = values.combine_chunks().dictionary_encode()
    indices = pc.fill_null(encoded.indices, SURFACE).to_numpy().astype(np.int32)
    return indices, tuple(encoded.dictionary.to_pylist())
