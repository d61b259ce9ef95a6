"""The raw texts of a few records, found among the rows that the artifact was built from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import tensorflow as tf
from numpy.typing import NDArray

from preprocess.artifact.layout import ARTIFACT
from preprocess.artifact.opened_artifact import OpenedArtifact
from preprocess.core.errors import InputError
from preprocess.core.row_position import ROW, SOURCE, SPLIT
from preprocess.graph.saved_model import load_saved_model
from preprocess.graph.signatures import ask
from preprocess.verification import Source
from preprocess.verification.record_rows import Place, expected_rows, known_values
from preprocess.verification.requests import columns_of

_MOST_READ, _MOST_ASKED = 500_000, 50_000

Record = Mapping[str, Any]
OnRows = Callable[[int], None]


@dataclass(frozen=True)
class RawRows:
    """The rows that an artifact was built from, or why there are none.

    Attributes:
      source: of the rows; None without any.
      missing: why there are none, for the page.
    """

    source: Source | None = None
    missing: str = "no raw rows were given"


@dataclass
class Originals:
    """What was found of some records.

    Attributes:
      texts: by number of the record, by text feature.
      places: by number of the record: where its row stands.
      missing: why none or not all were found; empty where all were.
    """

    texts: dict[int, dict[str, str]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    missing: str = ""


def find_originals(
    artifact: OpenedArtifact,
    rows: RawRows,
    split: str,
    records: Mapping[int, Record],
    on_rows: OnRows,
) -> Originals:
    """Finds the raw texts of records by reading the rows of their split.

    Rows whose labels and kept columns are those of a record are handed to `serving/`, and taken
    where the ids are the record's, too: the first row that gives the record. A column that is kept
    and differs from row to row makes that cheap; without one, it ends after 50,000 such rows. It
    ends after 500,000 rows in any case.

    Args:
      artifact: that has the records.
      rows: that it was built from.
      split: of the records.
      records: features, labels and kept columns by number, as `dataset(keep=True)` gives them.
      on_rows: called with the number of rows that were read.
    """
    found = Originals()
    if rows.source is None or split not in rows.source.splits:
        found.missing = rows.missing
        return found
    search = _Search(artifact, rows.source.splits.index(split), records, found)
    try:
        search.run(rows.source, on_rows)
    except InputError as error:
        found.missing = str(error)
    if len(found.texts) < len(records) and not found.missing:
        found.missing = (
            f"{len(records) - len(found.texts)} of {len(records)} were not found among the first "
            f"{search.read:,} rows"
        )
    return found


class _Search:
    """Reads rows until every record is found, or a bound is reached."""

    def __init__(
        self, artifact: OpenedArtifact, split: int, records: Mapping[int, Record], found: Originals
    ) -> None:
        self._manifest, self._split, self._found = artifact.manifest, split, found
        spec = artifact.spec
        self._known = [*spec.labels, *spec.kept]
        self._all = [*spec.features, *self._known]
        self._wanted = {self._key(record, self._all): n for n, record in records.items()}
        self._alike = {self._key(record, self._known) for record in records.values()}
        serving = artifact.files.check(artifact.layout.serving)
        graph = load_saved_model(serving, artifact.manifest.op_libraries, ARTIFACT.command)
        self._serving = graph.signatures["serving_default"]
        self._asked = self.read = 0

    def run(self, source: Source, on_rows: OnRows) -> None:
        """Reads `source` for the texts and places of the records."""
        for batch in source.read():
            if self._is_done():
                return
            self.read += batch.num_rows
            on_rows(batch.num_rows)
            if batch.column(SPLIT)[0].as_py() == self._split:
                self._look(batch, source)

    def _is_done(self) -> bool:
        is_whole = len(self._found.texts) == len(self._wanted)
        return is_whole or self.read >= _MOST_READ or self._asked >= _MOST_ASKED

    def _look(self, batch: pa.RecordBatch, source: Source) -> None:
        rows = _rows(known_values(batch, self._manifest), batch.num_rows)
        batch = batch.filter(pa.array([self._key(r, self._known) in self._alike for r in rows]))
        if not batch.num_rows:
            return
        self._asked += batch.num_rows
        columns = {n: tf.constant(c) for n, c in columns_of(batch, self._manifest).items()}
        answer = {name: tensor.numpy() for name, tensor in ask(self._serving, columns).items()}
        for chosen, _, expected in expected_rows(batch, answer, self._manifest):
            for place, row in zip(chosen.tolist(), _rows(expected, len(chosen)), strict=True):
                number = self._wanted.get(self._key(row, self._all))
                if number is not None and number not in self._found.texts:
                    self._take(number, batch.slice(place, 1).to_pylist()[0], source)

    def _take(self, number: int, row: Mapping[str, Any], source: Source) -> None:
        names = self._manifest.spec.text_features
        self._found.texts[number] = {name: _readable(row[name]) for name in names}
        self._found.places[number] = source.place(row[SOURCE], row[ROW])

    def _key(self, record: Record, names: list[str]) -> tuple[bytes, ...]:
        """What two records have in common if and only if they are equal in `names`."""
        texts = self._manifest.spec.text_features
        return tuple(_bytes(record[name], name in texts) for name in names)


def _readable(text: bytes | list[bytes]) -> str:
    """A text, or tokens that stood in a list."""
    if isinstance(text, list):
        return " · ".join(token.decode(errors="replace") for token in text)
    return text.decode(errors="replace")


def _rows(values: Mapping[str, NDArray[Any]], rows: int) -> Iterator[Record]:
    for row in range(rows):
        yield {name: column[row] for name, column in values.items()}


def _bytes(value: Any, is_text: bool) -> bytes:
    if isinstance(value, bytes):
        return value
    array = np.asarray(value)
    return array[array != 0].tobytes() if is_text else array.tobytes()  # padding has the id 0
