"""The books: every row read is written or rejected, for each file and each split.

A runner may lose rows and report success. So rows are counted where they are read and where
they are written, the counts travel as data, and a build whose books don't balance fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beam_jobs.records.shards import WrittenShard
from beam_jobs.sinks.rejected import RejectedPart
from beam_jobs.sources import Count, SourceFile
from preprocess.artifact.manifest import InputFile, RowCounts
from preprocess.core.errors import BooksError, InputError, RejectsError
from preprocess.spec import TRAIN, Spec


@dataclass(frozen=True)
class Books:
    """What was counted at the source and at the sinks.

    Attributes:
      files: input files, by index.
      splits: names of the splits, by index.
      read: books of the sources.
      shards: every shard that was written.
      rejected: every part of rejected rows that was written.
      unknown: rows that were rejected after they had a split: number by split index.
      counted: tokens that each vocabulary, and classes that each label was made of.
    """

    files: Sequence[SourceFile]
    splits: Sequence[str]
    read: Iterable[Count]
    shards: Sequence[WrittenShard]
    rejected: Sequence[RejectedPart]
    unknown: Mapping[int, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)

    def inputs(self) -> list[InputFile]:
        """The books of each input file."""
        read: Counter[int] = Counter()
        for count in self.read:
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
                rejected=rejected[file.path],
            )
            for file in self.files
        ]

    def rows(self) -> RowCounts:
        """The books of the whole build."""
        inputs = self.inputs()
        written = Counter(dict.fromkeys(self.splits, 0))
        for shard in self.shards:
            written[self.splits[shard.split]] += sum(shard.sources.values())
        return RowCounts(
            read=sum(file.read for file in inputs),
            written=dict(written),
            rejected=sum(file.rejected for file in inputs),
        )

    def check(self) -> None:
        """Balances the books.

        Raises:
          BooksError: rows were lost or doubled on the way.
        """
        wrong = [
            f"{file.path}: read {file.read:,}, written {file.written:,}, rejected {file.rejected:,}"
            for file in self.inputs()
            if file.read != file.written + file.rejected
        ]
        wrong += list(self._unbalanced_splits())
        if wrong:
            raise _unbalanced("rows", wrong)

    def _unbalanced_splits(self) -> Iterable[str]:
        emitted: Counter[int] = Counter()
        for count in self.read:
            emitted.update(count.emitted)
        for index, (name, written) in enumerate(self.rows().written.items()):
            unknown = self.unknown.get(index, 0)
            if emitted[index] != written + unknown:
                yield (
                    f"split {name}: read {emitted[index]:,}, written {written:,}, "
                    f"rejected {unknown:,}"
                )

    def check_statistics(self, statistics: Mapping[int, Mapping[str, Any]], spec: Spec) -> None:
        """Compares what was counted on the way with the records that were written.

        Args:
          statistics: `batch_statistics` by split index.
          spec: of the build.

        Raises:
          BooksError: counts were lost or doubled, so that a vocabulary would be wrong.
        """
        wrong = [
            f"statistics of {name}: {records:,} records, written {written:,}"
            for index, (name, written) in enumerate(self.rows().written.items())
            if (records := statistics.get(index, {}).get("records", 0)) != written
        ]
        for name, held in _held(statistics[self.splits.index(TRAIN)], spec).items():
            if self.counted[name] != held:
                wrong.append(f"{name}: {self.counted[name]:,} counted, train holds {held:,}")
        if wrong:
            raise _unbalanced("counts", wrong)

    def check_rejects(self, spec: Spec) -> None:
        """Checks that not too many rows were rejected, and that there is something to train on.

        Raises:
          RejectsError: a larger part was rejected than `rejects.max_fraction` allows.
          InputError: there are no rows at all, or none in the train split.
        """
        rows = self.rows()
        if not rows.read:
            raise InputError("got no rows in the input, expected at least one; check --input")
        if rows.rejected > spec.rejects.max_fraction * rows.read:
            raise RejectsError(self._too_many(rows, spec.rejects.max_fraction))
        if not rows.written[TRAIN]:
            raise InputError(
                "got no rows in the train split, expected at least one, as vocabularies come from "
                "it alone; check splits and --input"
            )

    def _too_many(self, rows: RowCounts, bound: float) -> str:
        reasons = sum((part.reasons for part in self.rejected), Counter[str]())
        # Parts come in any order, but the message is always the same.
        reason, times = min(reasons.items(), key=lambda item: (-item[1], item[0]))
        found = (part.first[reason] for part in self.rejected if reason in part.first)
        first = min(found, key=lambda reject: (reject.source, reject.row))
        return (
            f"{rows.rejected:,} of {rows.read:,} rows were rejected "
            f"({rows.rejected / rows.read:.2%}), more than rejects.max_fraction allows "
            f"({bound:.2%}); most often: {reason} ({times:,} times, first in {first.source}, "
            f"{first.unit} {first.row}); all of them are listed in rejected/"
        )


def _held(train: Mapping[str, Any], spec: Spec) -> Counter[str]:
    """The tokens of each vocabulary, and the classes of each label, in the train split."""
    held: Counter[str] = Counter()
    for name, feature in spec.text_features.items():
        held[feature.vocabulary] += train["features"][name]["tokens"]
    for name in spec.class_labels:
        held[name] += sum(train["labels"][name].values())
    return held


def _unbalanced(what: str, wrong: Sequence[str]) -> BooksError:
    return BooksError(
        f"{what} were lost or doubled on the way ({'; '.join(wrong[:5])}); the runner is at fault, "
        "run the build again or with another --runner"
    )
