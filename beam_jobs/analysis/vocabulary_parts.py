"""What a vocabulary keeps of each part of the tokens, in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.analysis.token_counter import PartKey
from beam_jobs.analysis.token_counts import best, counts_of
from beam_jobs.analysis.token_runs import ByCount, ByHash, Run, merged, write_run
from beam_jobs.job import Job
from beam_jobs.runtime.spill import Spill
from preprocess.spec import Vocabulary
from preprocess.tokenizers import SubwordTokenizer

# Bytes of the input for each part whose tokens are merged apart, by one worker.
_PART_BYTES = 256 << 20
_MOST_PARTS = 256
# Bytes of the tables that are sorted at once.
_SORTED_BYTES = 64 << 20


class VocabularyPart(NamedTuple):
    """What a vocabulary keeps of tokens that no other part of it has.

    Attributes:
      counted: how many were counted, kept or not.
      fixed: counts of those words that have an id whatever their count.
      runs: tables of the other words, by count.
    """

    counted: int
    fixed: Mapping[str, int]
    runs: Sequence[Run]


class MergeParts(beam.DoFn):
    """((vocabulary, part), its runs by hash) to (vocabulary, `VocabularyPart`)."""

    def __init__(self, job: Job) -> None:
        self._vocabularies = job.spec.vocabularies
        self._folder = spill_folder(job.layout.workspace)

    def start_bundle(self) -> None:
        self._spill = Spill(self._folder)

    def process(
        self, element: tuple[PartKey, Iterable[Run]]
    ) -> Iterator[tuple[str, VocabularyPart]]:
        (name, _), runs = element
        tables = merged(runs, ByHash(), self._folder)
        yield name, vocabulary_part(tables, self._vocabularies[name], self._spill)

    def finish_bundle(self) -> None:
        self._spill.close()


def partitions(job: Job) -> int:
    """How many parts the tokens of a vocabulary are merged in, by the size of the input."""
    size = sum(file.size for file in job.files)
    return min(1 + size // _PART_BYTES, _MOST_PARTS)


def spill_folder(workspace: str) -> str:
    """Where runs of token tables lie."""
    return f"{workspace}/token_runs"


def fixed_words(vocabulary: Vocabulary) -> list[str]:
    """The words that have an id whatever their count, in this order: reserved ones, and pieces."""
    reserved = vocabulary.reserved_tokens
    if not isinstance(vocabulary.tokenizer, SubwordTokenizer):
        return reserved
    known = set(reserved)
    return reserved + [w for w in vocabulary.tokenizer.inventory().words if w not in known]


def vocabulary_part(
    tables: Iterable[pa.Table], vocabulary: Vocabulary, spill: Spill
) -> VocabularyPart:
    """Sorts out what a vocabulary keeps of tables that share no token.

    Args:
      tables: which are forgotten one by one.
      vocabulary: says what is kept, and in which order.
      spill: takes the words that are kept.
    """
    fixed = pa.array([word.encode() for word in fixed_words(vocabulary)], pa.binary())
    counted, counts, sorter = 0, {}, _Sorter(vocabulary.max_size, spill)
    for table in tables:
        counted += pc.sum(table["count"]).as_py() or 0
        is_fixed = pc.is_in(table["token"], value_set=fixed)
        counts.update(counts_of(table.filter(is_fixed)))
        if not isinstance(vocabulary.tokenizer, SubwordTokenizer):  # whose pieces are all it has
            is_frequent = pc.greater_equal(table["count"], vocabulary.min_count)
            sorter.add(table.filter(pc.and_not(is_frequent, is_fixed)))
    return VocabularyPart(counted, counts, sorter.runs())


class _Sorter:
    """Writes words as runs by count, each cut to what a vocabulary can keep of it."""

    def __init__(self, max_size: int | None, spill: Spill) -> None:
        self._max_size = max_size
        self._spill = spill
        self._runs: list[Run] = []
        self._tables: list[pa.Table] = []
        self._held = 0

    def add(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._held += table.nbytes
        if self._held > _SORTED_BYTES:
            self._write()

    def runs(self) -> Sequence[Run]:
        """The runs of all that was added."""
        if self._held:
            self._write()
        return tuple(self._runs)

    def _write(self) -> None:
        table = best(pa.concat_tables(self._tables), self._max_size)
        self._runs.append(write_run([table], ByCount(), self._spill))
        self._tables, self._held = [], 0
