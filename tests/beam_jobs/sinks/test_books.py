"""The books: what balances, and what is said when they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from beam_jobs.records.shards import WrittenShard
from beam_jobs.sinks.books import Books
from beam_jobs.sinks.rejected import RejectedPart
from beam_jobs.sources import Count, Reject, SourceFile
from preprocess.artifact.manifest import InputFile, OutputFile
from preprocess.core.errors import BooksError, InputError, RejectsError, Text2SeqError
from preprocess.spec import Spec

FILES = [SourceFile(0, "a.csv", 100, None, "csv"), SourceFile(1, "b.csv", 200, "train", "csv")]
FILE = OutputFile(path="x", bytes=1, sha256="")
SPEC = Spec.model_validate({"features": {"text": {}}, "rejects": {"max_fraction": 0.25}})
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


@dataclass
class Build:
    """A build of two files and two splits whose books balance, to be spoilt."""

    read: list[Count] = field(
        default_factory=lambda: [
            Count(0, 6, 1, {0: 4, 1: 1}),
            Count(1, 3, 0, {0: 3}),
            Count(1, 2, 0, {0: 2}),
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

    def books(self) -> Books:
        return Books(FILES, ["train", "test"], self.read, self.shards, self.rejected, self.unknown)


def test_balanced() -> None:
    books = Build().books()
    books.check()
    books.check_rejects(SPEC)
    assert books.inputs() == [
        InputFile(path="a.csv", split=None, bytes=100, read=6, written=5, rejected=1),
        InputFile(path="b.csv", split="train", bytes=200, read=5, written=4, rejected=1),
    ]
    assert books.rows().model_dump() == {
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


def _refused(build: Build, spec: Spec, kind: type[Text2SeqError]) -> str:
    with pytest.raises(kind) as raised:
        build.books().check_rejects(spec)
    return str(raised.value)


@pytest.mark.parametrize("order", [1, -1])
def test_too_many_rejects(order: int) -> None:
    build = Build(
        read=[Count(0, 4, 2, {0: 2}), Count(1, 2, 1, {0: 1})],
        shards=[WrittenShard(FILE, 0, {0: 2, 1: 1})],
        rejected=[
            _part(_reject("a.csv", 1, "other"), _reject("b.csv", 0)),
            _part(_reject("a.csv", 3)),
        ][::order],
        unknown={},
    )
    build.books().check()
    assert _refused(build, SPEC, RejectsError) == (
        "3 of 6 rows were rejected (50.00%), more than rejects.max_fraction allows (25.00%); most "
        "often: text: got bytes that are not UTF-8, expected text (2 times, first in a.csv, "
        "row 3); all of them are listed in rejected/"
    )


@pytest.mark.parametrize(("bound", "refused"), [(0.5, False), (0.49, True), (1, False)])
def test_the_bound_itself_is_allowed(bound: float, refused: bool) -> None:
    rejected = [_part(_reject("a.csv", 0))]
    build = Build([Count(0, 2, 1, {0: 1})], [WrittenShard(FILE, 0, {0: 1})], rejected, {})
    spec = Spec.model_validate({"features": {"text": {}}, "rejects": {"max_fraction": bound}})
    if refused:
        _refused(build, spec, RejectsError)
    else:
        build.books().check_rejects(spec)


def test_no_rows() -> None:
    build = Build([], [], [], {})
    build.books().check()
    assert _refused(build, SPEC, InputError) == (
        "got no rows in the input, expected at least one; check --input"
    )


def test_no_train_rows() -> None:
    build = Build([Count(0, 2, 0, {1: 2})], [WrittenShard(FILE, 1, {0: 2})], [], {})
    build.books().check()
    assert _refused(build, SPEC, InputError) == (
        "got no rows in the train split, expected at least one, as vocabularies come from it "
        "alone; check splits and --input"
    )


COUNTED = Spec.model_validate(
    {"features": {"text": {}, "title": {}}, "labels": {"topic": {"kind": "category"}}}
)
STATISTICS = {
    0: {
        "records": 8,
        "features": {"text": {"tokens": 20}, "title": {"tokens": 5}},
        "labels": {"topic": {"0": 6, "1": 2}},
    },
    1: {"records": 1},
}
COUNTS = {"words": 25, "topic": 8}


def _check_statistics(statistics: dict, counted: dict[str, int]) -> None:
    replace(Build().books(), counted=counted).check_statistics(statistics, COUNTED)


def test_statistics_that_agree() -> None:
    _check_statistics(STATISTICS, COUNTS)


@pytest.mark.parametrize(
    ("statistics", "counted", "what"),
    [
        (STATISTICS, {**COUNTS, "words": 24}, "words: 24 counted, train holds 25"),
        (STATISTICS, {**COUNTS, "topic": 9}, "topic: 9 counted, train holds 8"),
        ({0: STATISTICS[0]}, COUNTS, "statistics of test: 0 records, written 1"),
    ],
)
def test_statistics_that_do_not_agree(statistics: dict, counted: dict, what: str) -> None:
    with pytest.raises(BooksError) as error:
        _check_statistics(statistics, counted)
    assert str(error.value) == (
        f"counts were lost or doubled on the way ({what}); the runner is at fault, "
        "run the build again or with another --runner"
    )
