"""Compares every record of an artifact with what its serving graph answers to the raw rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from preprocess.artifact.manifest import Manifest
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.artifact.word_index import WordIndex
from preprocess.core.lazy import lazy_imports
from preprocess.core.row_position import ROW, SOURCE, SPLIT
from preprocess.verification.compare import RowDigests, describe, excess, pick
from preprocess.verification.record_rows import Place, RecordRows, expected_rows
from preprocess.verification.requests import bounded, columns_of
from preprocess.verification.server import Server

with lazy_imports():
    from preprocess.verification import artifact_records

_SHOWN = 10


@dataclass(frozen=True)
class Source:
    """Raw rows that can be read more than once.

    Attributes:
      read: yields canonical batches of one split each, with `_source`, `_row` and `_split`.
      splits: names that `_split` indexes.
      place: of a row, by the index of its file and its number there.
    """

    read: Callable[[], Iterable[pa.RecordBatch]]
    splits: list[str]
    place: Callable[[int, int], Place]


@dataclass(frozen=True)
class Report:
    """What a verification found.

    Attributes:
      expected: rows of the input that should be records.
      found: records of the artifact.
      different: expected rows that are no record, or records that are no such row: the larger.
      differences: a line for each of the first of them.
    """

    expected: int
    found: int
    different: int
    differences: list[str]

    @property
    def is_good(self) -> bool:
        """Whether serving answers exactly what the records hold."""
        return self.different == 0


Watch = Callable[[str, int, int], None]


def _ignore(stage: str, rows: int, size: int) -> None:
    """Does nothing with the progress."""


def verify(
    artifact: OpenedArtifact,
    source: Source,
    watch: Watch = _ignore,
) -> Report:
    """Runs `serving/` in a fresh process over the raw rows, and compares with all records.

    Memory: 32 bytes for each record.

    Args:
      artifact: whose records are verified.
      source: the rows that the artifact was built from.
      watch: called with the stage, and the rows and bytes of text that were answered.

    Raises:
      ArtifactError: a part of the artifact is missing or damaged.
      VerificationError: the serving process died.
    """
    manifest = artifact.manifest
    artifact.check_vocabularies()
    found, expected = RowDigests(), RowDigests()
    for rows in artifact_records.found_rows(artifact):
        found.add(rows)
    serving = artifact.files.check(artifact.layout.serving)
    with Server(serving, manifest.op_libraries) as server:
        for rows in _expected(source, server, manifest, watch):
            expected.add(rows)
        missing, strange = excess(expected, found), excess(found, expected)
        different = max(missing.total(), strange.total())
        lines = []
        if different:
            lines = list(
                describe(
                    pick(_expected(source, server, manifest), missing, _SHOWN),
                    pick(artifact_records.found_rows(artifact), strange, _SHOWN),
                    manifest.spec,
                    _word_indices(artifact),
                )
            )
    return Report(len(expected), len(found), different, lines)


def _expected(
    source: Source, server: Server, manifest: Manifest, watch: Watch = _ignore
) -> Iterator[RecordRows]:
    batches = chain.from_iterable(bounded(batch, manifest) for batch in source.read())
    requests = ((batch, columns_of(batch, manifest)) for batch in batches)
    for batch, answer in server.answers(requests):
        watch("answered", batch.num_rows, batch.nbytes)
        split = source.splits[batch.column(SPLIT)[0].as_py()]
        places = _places(batch, source)
        for chosen, boundary, values in expected_rows(batch, answer, manifest):
            yield RecordRows(split, boundary, values, [places[i] for i in chosen])


def _places(batch: pa.RecordBatch, source: Source) -> list[Place]:
    rows = zip(batch.column(SOURCE).to_pylist(), batch.column(ROW).to_pylist(), strict=True)
    return [source.place(index, row) for index, row in rows]


def _word_indices(artifact: OpenedArtifact) -> dict[str, WordIndex]:
    texts = artifact.spec.text_features
    return {name: artifact.word_index(feature.vocabulary) for name, feature in texts.items()}
