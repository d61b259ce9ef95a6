"""WordPiece vocabularies out of the counts of all words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apache_beam as beam
import pyarrow as pa
import tensorflow as tf
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from beam_jobs.analysis.token_counts import empty_like, merge, ordered, table_of
from beam_jobs.runtime.packing import binary, pack_table, unpack_table
from preprocess.tokenizers import Wordpiece
from preprocess.tokenizers.wordpiece_training import learn_wordpieces

# Rarer words hardly bear on which pieces are joined.
_MOST_WORDS = 1_000_000
_MERGE_ABOVE = 2_000_000


class CountWords(beam.DoFn):
    """Arrow arrays of texts to packed token tables (`analysis.token_counts`), one a bundle."""

    def __init__(self, tokenizer: Wordpiece) -> None:
        self._tokenizer = tokenizer

    def start_bundle(self) -> None:
        self._counts = _Counts()

    def process(self, texts: pa.Array) -> None:
        batch = tf.constant(texts.to_numpy(zero_copy_only=False), tf.string)
        words, _, counts = tf.unique_with_counts(self._tokenizer.words(batch).flat_values)
        self._counts.add(table_of(binary(words.numpy()), counts.numpy(), None))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield GlobalWindows.windowed_value(pack_table(self._counts.table()))


class _Counts:
    """Token tables, merged when they grow."""

    def __init__(self) -> None:
        self._tables = [empty_like(first_seen=False)]
        self._words = 0

    def add(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._words += len(table)
        if self._words > _MERGE_ABOVE:
            self._tables = [self.table()]
            self._words = len(self._tables[0])

    def table(self) -> pa.Table:
        return merge(self._tables)


def learned_pieces(parts: Iterable[bytes], tokenizer: Wordpiece) -> bytes | None:
    """The vocabulary file: a piece a line; None without a word.

    Raises:
      SpecError: `vocab_size` is too small.
    """
    assert tokenizer.train is not None
    counts = _Counts()
    for part in parts:
        counts.add(unpack_table(part))
    table = ordered(counts.table()).slice(0, _MOST_WORDS)
    words = [(w, n) for w, n in _rows(table) if len(w) <= tokenizer.max_characters]
    if not words:
        return None
    pieces = learn_wordpieces(words, tokenizer.train, tokenizer.unknown_token, tokenizer.prefix)
    return "".join(f"{piece}\n" for piece in pieces).encode()


def _rows(table: pa.Table) -> Iterator[tuple[str, int]]:
    """Words and counts."""
    words = (token.decode() for token in table["token"].to_pylist())
    return zip(words, table["count"].to_pylist(), strict=True)
