"""Writes what the analyzers found: word indexes, classes, and the assets of the graph."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.analysis.token_counts import table_of
from beam_jobs.analysis.token_runs import ByCount, first_rows, merged
from beam_jobs.analysis.vocabulary_parts import VocabularyPart, fixed_words, spill_folder
from preprocess.artifact.class_file import class_lines
from preprocess.artifact.layout import Layout
from preprocess.artifact.word_block import JSON_BEGIN, JSON_BETWEEN, JSON_END, WordBlock, lines
from preprocess.core.escaping import escape
from preprocess.core.storage import replacing, write_file
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
    name: str, parts: Iterable[VocabularyPart], vocabulary: Vocabulary, layout: Layout
) -> Asset:
    """Writes `vocabulary/NAME.tsv`, `.json` and the asset, block by block.

    Args:
      name: of the vocabulary.
      parts: of its tokens; no two of them share one.
      vocabulary: says what is kept, and in which order.
      layout: of the artifact.
    """
    found = list(parts)
    path = _asset_path(f"{name}.words", layout)
    unknown = _unknown_piece(vocabulary)
    with (
        replacing(layout.words_tsv(name)) as tsv,
        replacing(layout.words_json(name)) as index,
        replacing(path) as asset,
    ):
        asset.write(f"{SENTINEL}\n".encode())
        between = JSON_BEGIN
        for block in _blocks(found, vocabulary, layout):
            tsv.write(block.tsv())
            index.write(between + block.json())
            asset.write(lines(_keys(block, unknown)))
            between = JSON_BETWEEN
        index.write(JSON_END if between == JSON_BETWEEN else JSON_BEGIN + JSON_END)
    return Asset(path, sum(part.counted for part in found))


def write_classes(label: str, counts: Iterable[Mapping[bytes, int]], layout: Layout) -> Asset:
    """Writes `vocabulary/LABEL.classes.txt` (class, tab, count, in UTF-8 order) and the asset."""
    merged: dict[bytes, int] = {}
    for part in counts:
        for name, count in part.items():
            merged[name] = merged.get(name, 0) + count
    classes = [(name.decode(), merged[name]) for name in sorted(merged)]
    write_file(layout.classes(label), _encoded(class_lines(classes)))
    path = _asset_path(f"{label}.classes", layout)
    keys = [SENTINEL, *(escape(name) or EMPTY_TOKEN for name, _ in classes)]
    write_file(path, _encoded(f"{key}\n" for key in keys))
    return Asset(path, sum(merged.values()))


def _blocks(
    parts: Sequence[VocabularyPart], vocabulary: Vocabulary, layout: Layout
) -> Iterator[WordBlock]:
    """All words in the order of their ids."""
    next_id = vocabulary.ids.first_token
    for table in itertools.chain(
        [_fixed(parts, vocabulary)],
        first_rows(_in_order(parts, layout), vocabulary.max_size),
    ):
        if len(table):
            tokens, counts = (table[name].combine_chunks() for name in ("token", "count"))
            yield WordBlock(tokens.cast(pa.string()), counts, next_id)
            next_id += len(table)


def _fixed(parts: Sequence[VocabularyPart], vocabulary: Vocabulary) -> pa.Table:
    """The words that have an id whatever their count."""
    counts = {word: count for part in parts for word, count in part.fixed.items()}
    words = fixed_words(vocabulary)
    unknown = _unknown_piece(vocabulary)
    if unknown is not None and unknown not in vocabulary.reserved_tokens:
        counts[unknown] = 0  # no token has the id that the unknown piece keeps
    tokens = pa.array([word.encode() for word in words], pa.binary())
    return table_of(tokens, np.array([counts.get(word, 0) for word in words], np.int64), None)


def _in_order(parts: Sequence[VocabularyPart], layout: Layout) -> Iterator[pa.Table]:
    """The other words, the most frequent first."""
    runs = [run for part in parts for run in part.runs]
    return merged(runs, ByCount(), spill_folder(layout.workspace))


def _unknown_piece(vocabulary: Vocabulary) -> str | None:
    tokenizer = vocabulary.tokenizer
    return tokenizer.inventory().unknown_piece if isinstance(tokenizer, SubwordTokenizer) else None


def _keys(block: WordBlock, unknown: str | None) -> pa.Array:
    """The lines under which the graph finds words."""
    keys = pc.if_else(pc.equal(block.escaped, ""), EMPTY_TOKEN, block.escaped)
    return keys if unknown is None else pc.if_else(pc.equal(block.tokens, unknown), NO_TOKEN, keys)


def _asset_path(name: str, layout: Layout) -> str:
    # TensorFlow names a table after the path of its file, and tables of one name share their
    # content throughout a process: two builds into one folder must not share a path.
    return f"{layout.workspace}/{uuid.uuid4().hex}/{name}"


def _encoded(texts: Iterable[str]) -> Iterator[bytes]:
    texts = iter(texts)
    while chunk := list(itertools.islice(texts, _CHUNK)):
        yield "".join(chunk).encode()
