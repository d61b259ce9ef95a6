"""WordPiece vocabularies out of the counts of all words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

import apache_beam as beam
import pyarrow as pa
import tensorflow as tf
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from beam_jobs.analysis.token_counter import TokenCounters
from beam_jobs.analysis.token_counts import table_of
from beam_jobs.analysis.token_runs import ByCount, ByHash, Run, first_rows, merged
from beam_jobs.analysis.vocabulary_parts import spill_folder, vocabulary_part
from beam_jobs.runtime.packing import binary
from beam_jobs.runtime.spill import Spill
from preprocess.spec import Vocabulary
from preprocess.tokenizers import Wordpiece
from preprocess.tokenizers.wordpiece_training import learn_wordpieces

# Rarer words hardly bear on which pieces are joined.
_MOST_WORDS = 1_000_000


class CountWords(beam.DoFn):
    """Arrow arrays of texts to runs of token tables by hash (`analysis.token_runs`)."""

    def __init__(self, tokenizer: Wordpiece, workspace: str) -> None:
        self._tokenizer = tokenizer
        self._folder = spill_folder(workspace)

    def start_bundle(self) -> None:
        self._counters = TokenCounters(self._folder, partitions=1)

    def process(self, texts: pa.Array) -> Iterator[Run]:
        batch = tf.constant(texts.to_numpy(zero_copy_only=False), tf.string)
        words, _, counts = tf.unique_with_counts(self._tokenizer.words(batch).flat_values)
        table = table_of(binary(words.numpy()), counts.numpy(), None)
        yield from (run for _, run in self._counters.add("words", table))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for _, run in self._counters.close():
            yield GlobalWindows.windowed_value(run)


def learned_pieces(runs: Iterable[Run], tokenizer: Wordpiece, workspace: str) -> bytes | None:
    """The vocabulary file: a piece a line; None without a word.

    Args:
      runs: what `CountWords` gave.
      tokenizer: is to be trained.
      workspace: where it may spill what it sorts.

    Raises:
      SpecError: `vocab_size` is too small.
    """
    assert tokenizer.train is not None
    words = [(w, n) for w, n in _frequent(runs, workspace) if len(w) <= tokenizer.max_characters]
    if not words:
        return None
    pieces = learn_wordpieces(words, tokenizer.train, tokenizer.unknown_token, tokenizer.prefix)
    return "".join(f"{piece}\n" for piece in pieces).encode()


def _frequent(runs: Iterable[Run], workspace: str) -> Iterator[tuple[str, int]]:
    """The most frequent words, and their counts."""
    folder = spill_folder(workspace)
    with closing(Spill(folder)) as spill:
        tables = merged(runs, ByHash(), folder)
        part = vocabulary_part(tables, Vocabulary(max_size=_MOST_WORDS), spill)
    for table in first_rows(merged(part.runs, ByCount(), folder), _MOST_WORDS):
        words = (token.decode() for token in table["token"].to_pylist())
        yield from zip(words, table["count"].to_pylist(), strict=True)
