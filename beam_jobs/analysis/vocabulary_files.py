"""Writes what the analyzers found: word indexes, classes, and the assets of the graph."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from beam_jobs.analysis.token_counts import counts_of, empty_like, select
from beam_jobs.runtime.packing import unpack_table
from preprocess.artifact.class_file import class_lines
from preprocess.artifact.layout import Layout
from preprocess.artifact.word_index import Word, to_json, to_tsv
from preprocess.core.escaping import escape
from preprocess.core.storage import write_file
from preprocess.graph.lookup import EMPTY_TOKEN, NO_TOKEN, SENTINEL
from preprocess.spec import Vocabulary
from preprocess.tokenizers import SubwordTokenizer

_CHUNK = 10_000


@dataclass(frozen=True)
class Asset:
    """A file that a lookup table reads.

    Attributes:
      path: of the file.
      counted: tokens or classes of the train split that it was made of, kept or not.
    """

    path: str
    counted: int


def write_vocabulary(
    name: str, parts: Iterable[tuple[int, bytes]], vocabulary: Vocabulary, layout: Layout
) -> Asset:
    """Writes `vocabulary/NAME.tsv`, `.json` and the asset.

    Args:
      name: of the vocabulary.
      parts: tokens that were counted, and packed tables that share no token, each already cut
        by `select`.
      vocabulary: says what is kept, and in which order.
      layout: of the artifact.
    """
    counted, packed = 0, []
    for count, part in parts:
        counted += count
        packed.append(part)
    tables = [unpack_table(part) for part in packed]
    table = pa.concat_tables([*tables, empty_like(vocabulary.ties == "first_seen")])
    words = _words(table, vocabulary)
    write_file(layout.words_tsv(name), _encoded(to_tsv(words)))
    write_file(layout.words_json(name), [to_json(words).encode()])
    path = _write_asset(f"{name}.words", _keys(words, vocabulary), layout)
    return Asset(path, counted)


def write_classes(label: str, counts: Iterable[Mapping[bytes, int]], layout: Layout) -> Asset:
    """Writes `vocabulary/LABEL.classes.txt` (class, tab, count, in UTF-8 order) and the asset."""
    merged: dict[bytes, int] = {}
    for part in counts:
        for name, count in part.items():
            merged[name] = merged.get(name, 0) + count
    classes = [(name.decode(), merged[name]) for name in sorted(merged)]
    write_file(layout.classes(label), _encoded(class_lines(classes)))
    path = _write_asset(f"{label}.classes", (escape(name) for name, _ in classes), layout)
    return Asset(path, sum(merged.values()))


def _words(table: pa.Table, vocabulary: Vocabulary) -> list[Word]:
    reserved = vocabulary.reserved_tokens
    ids = itertools.count(vocabulary.ids.first_token)
    words = [
        Word(t, next(ids), n) for t, n in zip(reserved, counts_of(table, reserved), strict=True)
    ]
    known = set(reserved)
    for token, count in _in_order(table, vocabulary):
        if token not in known:
            words.append(Word(token, next(ids), count))
    return words


def _in_order(table: pa.Table, vocabulary: Vocabulary) -> Iterable[tuple[str, int]]:
    """Tokens and counts in the order of their ids; reserved tokens may be among them."""
    if isinstance(vocabulary.tokenizer, SubwordTokenizer):
        inventory = vocabulary.tokenizer.inventory()
        counts = counts_of(table, inventory.words)
        # No token has the id that the unknown piece keeps.
        unknown = inventory.unknown_piece
        return ((t, 0 if t == unknown else n) for t, n in zip(inventory.words, counts, strict=True))
    selected = select(table, vocabulary)
    tokens = (token.decode() for token in selected["token"].to_pylist())
    return zip(tokens, selected["count"].to_pylist(), strict=True)


def _keys(words: Iterable[Word], vocabulary: Vocabulary) -> Iterator[str]:
    """The lines under which the graph finds `words`."""
    unknown = None
    if isinstance(vocabulary.tokenizer, SubwordTokenizer):
        unknown = vocabulary.tokenizer.inventory().unknown_piece
    return (NO_TOKEN if word.token == unknown else escape(word.token) for word in words)


def _write_asset(name: str, keys: Iterable[str], layout: Layout) -> str:
    # TensorFlow names a table after the path of its file, and tables of one name share their
    # content throughout a process: two builds into one folder must not share a path.
    path = f"{layout.workspace}/{uuid.uuid4().hex}/{name}"
    lines = itertools.chain([SENTINEL], keys)
    write_file(path, _encoded(f"{line or EMPTY_TOKEN}\n" for line in lines))
    return path


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    lines = iter(lines)
    while chunk := list(itertools.islice(lines, _CHUNK)):
        yield "".join(chunk).encode()
