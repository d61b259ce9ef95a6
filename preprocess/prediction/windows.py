"""Predicts rows as they come, and gives an object for each in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa

from preprocess.prediction.answers import Row, answer_rows, short_float
from preprocess.prediction.predictor import Columns, OnRows, SignaturePredictor, ignore
from preprocess.trained_model.model_manifest import ModelManifest

# Rows are sorted by length within a window: on IMDB and 2 cores, an LSTM of 100 units then
# answers 2,250 rows/s instead of 1,210, as batches hold less padding.
WINDOW_ROWS = 4096
_WINDOW_BYTES = 16 << 20


class Rejected(Protocol):
    """A row that cannot be used; see `beam_jobs.sources.Reject`."""

    @property
    def source(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def reason(self) -> str: ...


Item: TypeAlias = pa.RecordBatch | Rejected


def predict_rows(
    predictor: SignaturePredictor, rows: Iterable[Item], on_rows: OnRows = ignore
) -> Iterator[Row]:
    """Predicts rows, window by window; answers come in the order of the rows.

    Args:
      predictor: answers.
      rows: batches with the model's features and any of its kept columns, and rejected rows;
        see `beam_jobs.sources.prediction_rows`.
      on_rows: called with the number of rows after each batch.

    Yields:
      An object a row: the kept columns that the row's file has, then the labels as
      `SignaturePredictor.predict` gives them. For a rejected row its `error`, `source` and `row`,
      which is its number in the file, or with `unit: "byte"` the offset of its first byte.
    """
    for window in _windows(rows):
        batches = [item for item in window if isinstance(item, pa.RecordBatch)]
        answers = predictor.answers(_features(batches, predictor.manifest), on_rows)
        if len(window) > len(batches):
            on_rows(len(window) - len(batches))
        yield from _in_order(window, answer_rows(answers, predictor.manifest), predictor.manifest)


def _windows(rows: Iterable[Item]) -> Iterator[list[Item]]:
    held: list[Item] = []
    count = size = 0
    for item in chain.from_iterable(map(_slices, rows)):
        held.append(item)
        if isinstance(item, pa.RecordBatch):
            count, size = count + item.num_rows, size + item.nbytes
        else:
            count += 1
        if count >= WINDOW_ROWS or size >= _WINDOW_BYTES:
            yield held
            held, count, size = [], 0, 0
    if held:
        yield held


def _slices(item: Item) -> Iterator[Item]:
    """A batch in parts of a window's size at most."""
    if not isinstance(item, pa.RecordBatch):
        yield item
        return
    for start in range(0, item.num_rows, WINDOW_ROWS):
        yield item.slice(start, WINDOW_ROWS)


def _features(batches: Sequence[pa.RecordBatch], manifest: ModelManifest) -> Columns:
    return {
        name: list(chain.from_iterable(batch.column(name).to_pylist() for batch in batches))
        for name in manifest.features
    }


def _in_order(
    window: Iterable[Item], answers: Iterator[Row], manifest: ModelManifest
) -> Iterator[Row]:
    for item in window:
        if isinstance(item, pa.RecordBatch):
            # In this order: zip takes no answer when there is no row left.
            for kept, answer in zip(_kept(item, manifest), answers, strict=False):
                yield kept | answer
        else:
            unit = {} if item.unit == "row" else {"unit": item.unit}
            yield {"error": item.reason, "source": item.source, "row": item.row, **unit}


def _kept(batch: pa.RecordBatch, manifest: ModelManifest) -> Iterator[Row]:
    """The kept columns that each row of a batch has."""
    names = [name for name in manifest.kept if name in batch.schema.names]
    columns = [[_plain(value) for value in batch.column(name)] for name in names]
    for index in range(batch.num_rows):
        values = [column[index] for column in columns]
        yield {n: value for n, value in zip(names, values, strict=True) if value is not None}


def _plain(value: pa.Scalar) -> int | float | str | None:
    plain = value.as_py()
    if isinstance(plain, bytes):
        return plain.decode()
    return short_float(np.float32(plain)) if isinstance(plain, float) else plain
