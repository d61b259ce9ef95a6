"""Assets of lookup tables, and the ids that plain Python expects of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from preprocess.core.escaping import escape
from preprocess.graph.lookup import SENTINEL
from preprocess.spec import Vocabulary

# What a line cannot hold, beside look-alikes of its escape and of the first line.
AWKWARD = [
    "\n",
    "\t",
    "\r",
    "\r\n",
    "\\",
    "\\n",
    "\\\n",
    "\text2seq",
    "\\text2seq",
    SENTINEL,
    " ",
    " a ",
    "\x00",
    "a\x00b",
    "\x85",
    "\u2028",
    "\ufeff",
    "語",
    "👩‍👩‍👧",
    "e\u0301",
    "é",
]


def write_asset(folder: Path, tokens: Sequence[str]) -> str:
    """Writes `tokens` as a build does, at a path that no other asset has."""
    path = folder / f"{uuid.uuid4().hex}.words"
    lines = [SENTINEL, *map(escape, tokens)]
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return str(path)


def expected_ids(vocabulary: Vocabulary, known: Sequence[str], tokens: Sequence[str]) -> list[int]:
    """The ids of `tokens` by a Python dict; `known` holds reserved tokens, then words."""
    ids = {token: number for number, token in enumerate(known, vocabulary.ids.first_token)}
    return [ids[token] if token in ids else _oov(vocabulary, token) for token in tokens]


def _oov(vocabulary: Vocabulary, token: str) -> int:
    if vocabulary.oov == "drop":
        return 0
    if vocabulary.oov == "token":
        return 1
    return 1 + int(tf.strings.to_hash_bucket_fast(token, vocabulary.oov.hash_buckets))
