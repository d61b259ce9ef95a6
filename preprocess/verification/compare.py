"""Compares two multisets of records, and shows where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from preprocess.artifact.word_index import WordIndex
from preprocess.spec import Spec
from preprocess.verification.record_rows import Place, RecordRows, Values


class RowDigests:
    """A multiset of rows, at 16 bytes a row."""

    def __init__(self) -> None:
        self._chunks: list[NDArray[np.void]] = []

    def add(self, rows: RecordRows) -> None:
        self._chunks.append(np.array(rows.digests(), dtype="V16"))

    def __len__(self) -> int:
        return sum(map(len, self._chunks))

    def counts(self) -> tuple[NDArray[np.void], NDArray[np.int64]]:
        """The distinct digests and how often each occurs."""
        empty = np.empty(0, "V16")
        return np.unique(np.concatenate([empty, *self._chunks]), return_counts=True)


def excess(first: RowDigests, second: RowDigests) -> Counter[bytes]:
    """The digests that `first` holds more often than `second`, and how much more often."""
    values, counts = first.counts()
    others, other_counts = second.counts()
    places = np.searchsorted(others, values)
    padded = np.append(other_counts, 0)
    matches = np.append(others, np.zeros(1, "V16"))[places] == values
    more = counts - np.where(matches & (places < len(others)), padded[places], 0)
    return Counter({values[i].tobytes(): int(more[i]) for i in np.flatnonzero(more > 0)})


@dataclass(frozen=True, eq=False)  # by identity: arrays have no one truth
class Record:
    """One record, and where it comes from."""

    split: str
    boundary: int
    values: Values
    place: Place


def pick(rows: Iterable[RecordRows], wanted: Counter[bytes], most: int) -> list[Record]:
    """The first `most` records whose digest is wanted."""
    left = Counter(wanted)
    picked: list[Record] = []
    for chunk in rows:
        for index, digest in enumerate(chunk.digests()):
            if left[digest] > 0 and len(picked) < most:
                left[digest] -= 1
                record = Record(chunk.split, chunk.boundary, chunk.row(index), chunk.places[index])
                picked.append(record)
        if len(picked) == most or not +left:
            break
    return picked


def describe(
    expected: Sequence[Record], found: Sequence[Record], spec: Spec, words: Mapping[str, WordIndex]
) -> Iterator[str]:
    """A line for each difference; what belongs together by its kept columns, or else is most alike.

    Args:
      expected: what `serving/` answers and no record holds.
      found: records that `serving/` does not answer.
      spec: of the artifact.
      words: word index by text feature.
    """
    left = list(found)
    for record in expected:
        candidates = [other for other in left if _kept(other, spec) == _kept(record, spec)]
        if not candidates:
            yield f"{record.place}: {_label(record)}: no such record in the artifact"
            continue
        other = min(candidates, key=lambda candidate: _distance(record, candidate))
        left.remove(other)
        yield f"{record.place} and {other.place}: {_difference(record, other, words)}"
    for record in left:
        yield f"{record.place}: {_label(record)}: no such row in the input"


def _difference(expected: Record, found: Record, words: Mapping[str, WordIndex]) -> str:
    if (expected.split, expected.boundary) != (found.split, found.boundary):
        return f"serving puts it into {_label(expected)}, the artifact has it in {_label(found)}"
    for name in sorted(expected.values):
        first, second = np.atleast_1d(expected.values[name]), np.atleast_1d(found.values[name])
        for place in np.flatnonzero(first != second):
            return (
                f"{name}[{place}]: serving answers {_shown(first[place], words.get(name))}, "
                f"the record holds {_shown(second[place], words.get(name))}"
            )
    return "the records differ"


def _shown(value: object, words: WordIndex | None) -> str:
    if words is None:
        return str(value)
    word = words.word(int(value))  # type: ignore[call-overload]
    return f"{value} ({word!r})" if word is not None else str(value)


def _label(record: Record) -> str:
    return f"{record.split}, bucket {record.boundary}"


def _kept(record: Record, spec: Spec) -> tuple[object, ...]:
    return tuple(_plain(record.values[name]) for name in spec.kept)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _distance(first: Record, second: Record) -> int:
    """In how many values two records differ."""
    if (first.split, first.boundary) != (second.split, second.boundary):
        return 1 << 30
    return sum(
        int(np.count_nonzero(np.atleast_1d(value) != np.atleast_1d(second.values[name])))
        for name, value in first.values.items()
    )
