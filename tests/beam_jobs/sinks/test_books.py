"""The books: what balances, and what is said when they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.job import Job
from beam_jobs.records.shards import WrittenShard
from beam_jobs.sinks.books import Books, CountedItems, CountedRecords, UnknownRows
from beam_jobs.sinks.rejected import RejectedPart
from beam_jobs.sources import Count, Reject, SourceFile
from preprocess.artifact.layout import Layout
from preprocess.artifact.manifest import InputFile
from preprocess.artifact.output_file import OutputFile
from preprocess.artifact.statistics import FeatureStatistics, SplitStatistics
from preprocess.core.errors import BooksError, InputError, RejectsError, Text2SeqError
from preprocess.spec import Rejects, Spec

FILES = [SourceFile(0, "a.csv", 100, None, "csv"), SourceFile(1, "b.csv", 200, "train", "csv")]
FILE = OutputFile(path="x", bytes=1, sha256="0" * 64)
SPEC = Spec.model_validate(
    {
        "features": {"text": {}, "title": {}},
        "labels": {"topic": {"kind": "category"}},
        "rejects": {"max_fraction": 0.25},
    }
)
REASON = "text: got bytes that are not UTF-8, expected text"


def _part(*rejects: Reject) -> RejectedPart:
    first: dict[str, Reject] = {}
    for reject in rejects:
        first.setdefault(reject.reason, reject)
    return RejectedPart(
        FILE, Counter(r.source for r in rejects), Counter(r.reason for r in rejects), first
    )


def _reject(source: str, row: int, reason: str = REASON) -> Reject:
    return Reject(source, row, "row", reason)


def _whole(source: int, read: int, rejected: int, emitted: dict[int, int]) -> Count:
    end = FILES[source].size
    return Count(source, read, rejected, emitted, ((0, end),), end)


@dataclass
class Build:
    """A build of two files and two splits whose books balance, to be spoilt."""

    read: list[Count] = field(
        default_factory=lambda: [
            Count(0, 6, 1, {0: 4, 1: 1}, ((0, 100),), 100),
            Count(1, 3, 0, {0: 3}, ((120, 200),), 200),
            Count(1, 2, 0, {0: 2}, ((0, 120),), 200),
        ]
    )
    shards: list[WrittenShard] = field(
        default_factory=lambda: [
            WrittenShard(FILE, 0, {0: 4, 1: 2}),
            WrittenShard(FILE, 0, {1: 2}),
            WrittenShard(FILE, 1, {0: 1}),
            WrittenShard(FILE, 1, {}),
        ]
    )
    rejected: list[RejectedPart] = field(
        default_factory=lambda: [_part(_reject("a.csv", 3), _reject("b.csv", 4, "label"))]
    )
    unknown: dict[int, int] = field(default_factory=lambda: {0: 1})
    bound: float = 0.25
    counted: dict[str, int] = field(default_factory=lambda: {"words": 16, "topic": 8})
    records: dict[int, SplitStatistics] = field(default_factory=dict)

    def books(self) -> Books:
        spec = SPEC.model_copy(update={"rejects": Rejects(max_fraction=self.bound)})
        job = Job(spec, FILES, schema_pb2.Schema(), Layout("/artifact"))
        job.__dict__["splits"] = ["train", "test"]
        unknown = [UnknownRows(split, rows) for split, rows in self.unknown.items()]
        counted = [CountedItems(name, items) for name, items in self.counted.items()]
        records = [CountedRecords(split, of) for split, of in self._records().items()]
        entries = [*self.read, *self.shards, *self.rejected, *unknown, *counted, *records]
        return Books(job, entries[::-1])  # in any order

    def _records(self) -> dict[int, SplitStatistics]:
        """What was counted of as many records as were written, unless said otherwise."""
        written: Counter[int] = Counter()
        for shard in self.shards:
            written[shard.split] += sum(shard.sources.values())
        return {split: _statistics(rows) for split, rows in written.items()} | self.records


def _statistics(rows: int) -> SplitStatistics:
    """A token in each text and each title, and a class for each row."""
    tokens = FeatureStatistics(tokens=rows)
    return SplitStatistics(
        records=rows, features={"text": tokens, "title": tokens}, labels={"topic": {0: rows}}
    )


def test_balanced() -> None:
    books = Build().books()
    books.check()
    assert books.inputs == [
        InputFile(path="a.csv", split=None, bytes=100, read=6, written=5, rejected=1),
        InputFile(path="b.csv", split="train", bytes=200, read=5, written=4, rejected=1),
    ]
    assert books.rows.model_dump() == {
        "read": 11,
        "written": {"train": 8, "test": 1},
        "rejected": 2,
    }


def _lose(build: Build) -> None:
    build.shards[0] = replace(build.shards[0], sources={0: 3, 1: 2})


def _double(build: Build) -> None:
    build.shards[3] = replace(build.shards[3], sources={0: 1})


def _move_to_another_split(build: Build) -> None:
    build.shards[0] = replace(build.shards[0], sources={0: 3, 1: 2})
    build.shards[3] = replace(build.shards[3], sources={0: 1})


def _lose_a_rejected_row(build: Build) -> None:
    build.rejected = [_part(_reject("a.csv", 3))]
    build.unknown = {}


def _one_for_another(build: Build) -> None:
    build.shards[1] = replace(build.shards[1], sources={0: 2})


UNBALANCED = {
    "lost": (
        _lose,
        "a.csv: read 6, written 4, rejected 1; split train: read 9, written 7, rejected 1",
    ),
    "doubled": (
        _double,
        "a.csv: read 6, written 6, rejected 1; split test: read 1, written 2, rejected 0",
    ),
    "another split": (
        _move_to_another_split,
        "split train: read 9, written 7, rejected 1; split test: read 1, written 2, rejected 0",
    ),
    "a rejected row lost": (
        _lose_a_rejected_row,
        "b.csv: read 5, written 4, rejected 0; split train: read 9, written 8, rejected 0",
    ),
    "one file's rows for another's": (
        _one_for_another,
        "a.csv: read 6, written 7, rejected 1; b.csv: read 5, written 2, rejected 1",
    ),
}


@pytest.mark.parametrize(("spoil", "what"), UNBALANCED.values(), ids=UNBALANCED)
def test_unbalanced(spoil: Callable[[Build], None], what: str) -> None:
    build = Build()
    spoil(build)
    with pytest.raises(BooksError) as raised:
        build.books().check()
    assert str(raised.value) == (
        f"rows were lost or doubled on the way ({what}); the runner is at fault, run the build "
        "again or with another --runner"
    )
    assert raised.value.exit_code == 1


def _refused(build: Build, kind: type[Text2SeqError]) -> str:
    with pytest.raises(kind) as raised:
        build.books().check()
    return str(raised.value)


def _from(count: Count, start: int) -> Count:
    return replace(count, spans=((start, count.end),))


UNREAD = {
    "a part lost": (lambda counts: counts[:2], "b.csv"),
    "a part read twice": (lambda counts: [*counts, counts[2]], "b.csv"),
    "a file lost": (lambda counts: counts[1:], "a.csv"),
    "a hole": (
        lambda counts: [counts[0], replace(counts[1], spans=((150, 200),)), counts[2]],
        "b.csv",
    ),
    "an end lost": (lambda counts: [replace(counts[0], spans=((0, 99),)), *counts[1:]], "a.csv"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_files_that_were_not_read_as_planned(name: str) -> None:
    spoil, file = UNREAD[name]
    build = Build()
    build.read = spoil(build.read)
    assert f"{file}: not every part of it was read once" in _refused(build, BooksError)


@pytest.mark.parametrize("order", [1, -1])
def test_too_many_rejects(order: int) -> None:
    build = Build(
        read=[_whole(0, 4, 2, {0: 2}), _whole(1, 2, 1, {0: 1})],
        shards=[WrittenShard(FILE, 0, {0: 2, 1: 1})],
        rejected=[
            _part(_reject("a.csv", 1, "other"), _reject("b.csv", 0)),
            _part(_reject("a.csv", 3)),
        ][::order],
        unknown={},
    )
    assert _refused(build, RejectsError) == (
        "3 of 6 rows were rejected (50.00%), more than rejects.max_fraction allows (25.00%); most "
        "often: text: got bytes that are not UTF-8, expected text (2 times, first in a.csv, "
        "row 3); other (1 time, first in a.csv, row 1); mend them, or allow more and find them all "
        "in rejected/"
    )


@pytest.mark.parametrize(("bound", "refused"), [(0.5, False), (0.49, True), (1, False)])
def test_the_bound_itself_is_allowed(bound: float, refused: bool) -> None:
    rejected = [_part(_reject("a.csv", 0))]
    read, shards = [_whole(0, 2, 1, {0: 1}), _whole(1, 0, 0, {})], [WrittenShard(FILE, 0, {0: 1})]
    build = Build(read, shards, rejected, {}, bound, {"words": 2, "topic": 1})
    if refused:
        _refused(build, RejectsError)
    else:
        build.books().check()


def test_no_rows() -> None:
    build = Build([_whole(0, 0, 0, {}), _whole(1, 0, 0, {})], [], [], {})
    assert _refused(build, InputError) == (
        "got no rows in the input, expected at least one; check --input"
    )


def test_no_train_rows() -> None:
    build = Build(
        [_whole(0, 2, 0, {1: 2}), _whole(1, 0, 0, {})], [WrittenShard(FILE, 1, {0: 2})], [], {}
    )
    assert _refused(build, InputError) == (
        "got no rows in the train split, expected at least one, as vocabularies come from it "
        "alone; check splits and --input"
    )


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"counted": {"words": 15, "topic": 8}}, "words: 15 counted, train holds 16"),
        ({"counted": {"words": 16, "topic": 9}}, "topic: 9 counted, train holds 8"),
        ({"records": {1: SplitStatistics()}}, "statistics of test: 0 records, written 1"),
        (
            {"records": {0: _statistics(7)}},
            "statistics of train: 7 records, written 8; words: 16 counted, train holds 14; "
            "topic: 8 counted, train holds 7",
        ),
    ],
)
def test_statistics_that_do_not_agree(changed: dict, what: str) -> None:
    assert _refused(replace(Build(), **changed), BooksError) == (
        f"counts were lost or doubled on the way ({what}); the runner is at fault, "
        "run the build again or with another --runner"
    )


def test_statistics_are_named_by_split() -> None:
    statistics = Build().books().statistics
    assert list(statistics.root) == ["train", "test"]
    assert (statistics.of("train").records, statistics.of("test").records) == (8, 1)
