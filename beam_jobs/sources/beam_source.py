"""The Beam source: files → canonical batches, rejected rows and books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2

import beam_jobs.runtime.coders  # noqa: F401 - registers the coder of record batches
from beam_jobs.sources.formats import input_splits
from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.rejects import Count, Reject
from beam_jobs.sources.row_batches import row_bytes
from beam_jobs.sources.row_reader import Item, RowReader
from beam_jobs.sources.split_assignment import split_names
from preprocess.core.errors import Text2SeqError, across_workers
from preprocess.core.progress import Progress
from preprocess.spec import Spec

STAGE = "read"


class RowOutputs(NamedTuple):
    """What `ReadRows` gives.

    Attributes:
      batches: `pa.RecordBatch`, see `RowReader`.
      rejected: `Reject`, one a row.
      counts: `Count`, one for each input split; add those of a file.
    """

    batches: beam.PCollection[Any]
    rejected: beam.PCollection[Any]
    counts: beam.PCollection[Any]


class ReadRows(beam.PTransform[beam.pvalue.PBegin, RowOutputs]):
    """Reads files by input split; only descriptions of the input splits are shuffled.

    Use one for each pass over the data: two that shared their input splits would keep the first
    pass's output alive until the second.
    """

    def __init__(
        self,
        files: Sequence[SourceFile],
        spec: Spec,
        schema: schema_pb2.Schema,
        progress: Progress | None = None,
    ) -> None:
        super().__init__()
        self._files = list(files)
        self._reader = RowReader(spec, schema, split_names(spec, files))
        self._progress = progress

    def expand(self, pipeline: beam.pvalue.PBegin) -> RowOutputs:
        """Builds the stages that read."""
        rows = (
            pipeline
            | "files" >> beam.Create(self._files, reshuffle=False)
            | "input splits" >> beam.FlatMap(_input_splits)
            | "spread" >> beam.Reshuffle()
            | "read"
            >> beam.ParDo(_Read(self._reader, self._progress))
            .with_output_types(pa.RecordBatch)
            .with_outputs(_Read.REJECTED, _Read.COUNTS, main=_Read.BATCHES)
        )
        return RowOutputs(rows[_Read.BATCHES], rows[_Read.REJECTED], rows[_Read.COUNTS])


class _Read(beam.DoFn):
    BATCHES, REJECTED, COUNTS = "batches", "rejected", "counts"

    def __init__(self, reader: RowReader, progress: Progress | None) -> None:
        self._reader, self._progress = reader, progress

    def process(
        self, input_split: InputSplit
    ) -> Iterator[pa.RecordBatch | beam.pvalue.TaggedOutput[str, Any]]:
        try:
            for item in self._reader.read(input_split):
                yield self._tagged(item)
        except Text2SeqError as error:
            raise across_workers(error) from error

    def _tagged(self, item: Item) -> pa.RecordBatch | beam.pvalue.TaggedOutput[str, Any]:
        if isinstance(item, Reject):
            return beam.pvalue.TaggedOutput(self.REJECTED, item)
        if isinstance(item, Count):
            return beam.pvalue.TaggedOutput(self.COUNTS, item)
        if self._progress is not None:
            self._progress.add(STAGE, item.num_rows, int(row_bytes(item).sum()))
        return item


def _input_splits(file: SourceFile) -> Iterable[InputSplit]:
    try:
        return input_splits(file)
    except Text2SeqError as error:
        raise across_workers(error) from error
