"""Words as they stand in the files of a vocabulary, many at once: no Python object for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from preprocess.core.escaping import SPECIAL, escape

# What JSON cannot hold as it is.
_SPECIAL_IN_JSON = r'[\x00-\x1f"\\]'

JSON_BEGIN, JSON_BETWEEN, JSON_END = b"{", b", ", b"}\n"
"""Stand around and between the blocks of a word index in JSON."""


@dataclass(frozen=True)
class WordBlock:
    """Words of successive ids.

    Attributes:
      tokens: string array.
      counts: int64 array, how often the train split holds each.
      first_id: of the first token.
    """

    tokens: pa.Array
    counts: pa.Array
    first_id: int

    @cached_property
    def escaped(self) -> pa.Array:
        """The tokens as a line can hold them; see `core.escaping`."""
        return _rewritten(self.tokens, SPECIAL, escape)

    def tsv(self) -> bytes:
        """Lines of `vocabulary/NAME.tsv`: escaped token, id, count; no header."""
        counts = self.counts.cast(pa.string())
        return _joined(self.escaped, "\t", self._ids, "\t", counts, "\n")

    def json(self) -> bytes:
        """Members of the word index as a JSON object, as `json.dumps` writes them."""
        tokens = _rewritten(self.tokens, _SPECIAL_IN_JSON, _in_json)
        members = _joined('"', tokens, '": ', self._ids, JSON_BETWEEN.decode())
        return members.removesuffix(JSON_BETWEEN)

    @cached_property
    def _ids(self) -> pa.Array:
        ids = np.arange(self.first_id, self.first_id + len(self.tokens))
        return pa.array(ids).cast(pa.string())


def lines(texts: pa.Array) -> bytes:
    """Each of the strings as a line."""
    return _joined(texts, "\n")


def _in_json(token: str) -> str:
    return json.dumps(token, ensure_ascii=False)[1:-1]


def _rewritten(texts: pa.Array, special: str, rewrite: Callable[[str], str]) -> pa.Array:
    """`texts`, of which only those are rewritten that hold what the pattern `special` finds."""
    found = pc.match_substring_regex(texts, special)
    changed = [rewrite(text) for text in texts.filter(found).to_pylist()]
    return pc.replace_with_mask(texts, found, pa.array(changed, pa.string()))


def _joined(*columns: pa.Array | str) -> bytes:
    """The strings of each row, one behind the other, and row behind row."""
    rows = pc.binary_join_element_wise(*columns, "")
    text: bytes = rows.buffers()[2].to_pybytes() if len(rows) else b""
    return text
