"""The books: every row read is written or rejected, for each file and each split.

A runner may lose rows and report success. So rows are counted where they are read and where
they are written, the counts travel as data, and a build whose books don't balance fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from beam_jobs.job import Job
from beam_jobs.records.shards import WrittenShard
from beam_jobs.sinks.rejected import RejectedPart
from beam_jobs.sources import Count, total
from preprocess.artifact.manifest import InputFile, RowCounts
from preprocess.artifact.statistics import SplitStatistics, Statistics
from preprocess.core.errors import BooksError, InputError, RejectsError
from preprocess.spec import TRAIN, Spec

# Reasons that the message of a build with too many rejected rows names.
_SHOWN = 3


@dataclass(frozen=True)
class UnknownRows:
    """Rows of a split, by its index, that were rejected after they had one."""

    split: int
    rows: int


@dataclass(frozen=True)
class CountedItems:
    """Tokens that a vocabulary, or classes that a label, was made of."""

    name: str
    items: int


@dataclass(frozen=True)
class CountedRecords:
    """What was counted of the records of a split, by its index."""

    split: int
    statistics: SplitStatistics


Entry = Count | WrittenShard | RejectedPart | UnknownRows | CountedItems | CountedRecords
E = TypeVar("E")


@dataclass(frozen=True)
class Books:
    """What was counted at the source, on the way and at the sinks.

    Attributes:
      job: the build.
      entries: in any order.
    """

    job: Job
    entries: Sequence[Entry]

    @cached_property
    def shards(self) -> list[WrittenShard]:
        """Every shard that was written."""
        return self._of(WrittenShard)

    @cached_property
    def rejected(self) -> list[RejectedPart]:
        """Every part of rejected rows that was written."""
        return self._of(RejectedPart)

    @cached_property
    def statistics(self) -> Statistics:
        """What was counted of the records, by name of the split."""
        counted = sorted(self._of(CountedRecords), key=lambda entry: entry.split)
        return Statistics(
            {self.job.splits[e.split]: e.statistics + self._numbers(e.split) for e in counted}
        )

    def _numbers(self, split: int) -> SplitStatistics:
        """What was counted of the numbers, added in the order of the shards' names."""
        shards = sorted(self.shards, key=lambda shard: shard.file.path)
        found = [SplitStatistics(numbers=s.numbers) for s in shards if s.split == split]
        return sum(found, SplitStatistics())

    def _of(self, kind: type[E]) -> list[E]:
        return [entry for entry in self.entries if isinstance(entry, kind)]

    @cached_property
    def inputs(self) -> list[InputFile]:
        """The books of each input file."""
        read: Counter[int] = Counter()
        for count in self._of(Count):
            read[count.source] += count.read
        written: Counter[int] = Counter()
        for shard in self.shards:
            written.update(shard.sources)
        rejected = sum((part.sources for part in self.rejected), Counter[str]())
        return [
            InputFile(
                path=file.path,
                split=file.split,
                bytes=file.size,
                read=read[file.index],
                written=written[file.index],
                rejected=sum(rejected[path] for path in file.paths),
                files=file.group.count if file.group else None,
                sha256=file.group.sha256 if file.group else file.sha256,
            )
            for file in self.job.files
        ]

    @cached_property
    def rows(self) -> RowCounts:
        """The books of the whole build."""
        inputs = self.inputs
        written = Counter(dict.fromkeys(self.job.splits, 0))
        for shard in self.shards:
            written[self.job.splits[shard.split]] += sum(shard.sources.values())
        return RowCounts(
            read=sum(file.read for file in inputs),
            written=dict(written),
            rejected=sum(file.rejected for file in inputs),
        )

    def check(self) -> None:
        """Balances the books.

        Raises:
          BooksError: rows, tokens or classes were lost or doubled on the way.
          RejectsError: a larger part was rejected than `rejects.max_fraction` allows.
          InputError: there are no rows at all, or none in the train split.
        """
        self._check_rows()
        self._check_rejects()
        self._check_statistics()

    def _check_rows(self) -> None:
        wrong = [
            f"{file.path}: read {file.read:,}, written {file.written:,}, rejected {file.rejected:,}"
            for file in self.inputs
            if file.read != file.written + file.rejected
        ]
        wrong += [*self._unbalanced_splits(), *self._misread()]
        if wrong:
            raise _unbalanced("rows", wrong)

    def _misread(self) -> Iterable[str]:
        """Compares what was read of each file with what should have been."""
        counts = total(self._of(Count))
        for file in self.job.files:
            if file.size and not (file.index in counts and counts[file.index].is_whole):
                yield f"{file.path}: not every part of it was read once"

    def _unbalanced_splits(self) -> Iterable[str]:
        emitted: Counter[int] = Counter()
        rejected = {entry.split: entry.rows for entry in self._of(UnknownRows)}
        for count in self._of(Count):
            emitted.update(count.emitted)
        for index, (name, written) in enumerate(self.rows.written.items()):
            unknown = rejected.get(index, 0)
            if emitted[index] != written + unknown:
                yield (
                    f"split {name}: read {emitted[index]:,}, written {written:,}, "
                    f"rejected {unknown:,}"
                )

    def _check_statistics(self) -> None:
        """Compares what was counted on the way with the records that were written."""
        statistics = self.statistics
        wrong = [
            f"statistics of {name}: {records:,} records, written {written:,}"
            for name, written in self.rows.written.items()
            if (records := statistics.of(name).records) != written
        ]
        counted = {entry.name: entry.items for entry in self._of(CountedItems)}
        for name, held in _held(statistics.of(TRAIN), self.job.spec).items():
            if counted[name] != held:
                wrong.append(f"{name}: {counted[name]:,} counted, train holds {held:,}")
        if wrong:
            raise _unbalanced("counts", wrong)

    def _check_rejects(self) -> None:
        rows, bound = self.rows, self.job.spec.rejects.max_fraction
        if not rows.read:
            raise InputError("got no rows in the input, expected at least one; check --input")
        if rows.rejected > bound * rows.read:
            raise RejectsError(self._too_many(rows, bound))
        if not rows.written[TRAIN]:
            raise InputError(
                "got no rows in the train split, expected at least one, as vocabularies come from "
                "it alone; check splits and --input"
            )

    def _too_many(self, rows: RowCounts, bound: float) -> str:
        reasons = sum((part.reasons for part in self.rejected), Counter[str]())
        # Parts come in any order, but the message is always the same.
        ordered = sorted(reasons, key=lambda reason: (-reasons[reason], reason))
        shown = "; ".join(self._shown(reason, reasons[reason]) for reason in ordered[:_SHOWN])
        more = f"; and {len(ordered) - _SHOWN:,} reasons more" if len(ordered) > _SHOWN else ""
        return (
            f"{rows.rejected:,} of {rows.read:,} rows were rejected "
            f"({rows.rejected / rows.read:.2%}), more than rejects.max_fraction allows "
            f"({bound:.2%}); most often: {shown}{more}; mend them, or allow more and find them all "
            "in rejected/"
        )

    def _shown(self, reason: str, times: int) -> str:
        found = (part.first[reason] for part in self.rejected if reason in part.first)
        first = min(found, key=lambda reject: (reject.source, reject.row))
        often = f"{times:,} time{'' if times == 1 else 's'}"
        return f"{reason} ({often}, first in {first.source}, {first.unit} {first.row})"


def _held(train: SplitStatistics, spec: Spec) -> Counter[str]:
    """The tokens of each vocabulary, and the classes of each label, in the train split."""
    held: Counter[str] = Counter()
    for name, feature in spec.text_features.items():
        held[feature.vocabulary] += train.feature(name).tokens
    for name in spec.class_labels:
        held[name] += sum(train.labels.get(name, {}).values())
    return held


def _unbalanced(what: str, wrong: Sequence[str]) -> BooksError:
    return BooksError(
        f"{what} were lost or doubled on the way ({'; '.join(wrong[:5])}); the runner is at fault, "
        "run the build again or with another --runner"
    )
