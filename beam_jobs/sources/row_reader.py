"""Reads input splits of files into canonical batches, rejected rows and books; no Beam here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.formats import format_of, input_splits, unit
from beam_jobs.sources.input_split import InputSplit, SourceFile
from beam_jobs.sources.rejects import Count, Reject
from beam_jobs.sources.row_batches import RowBatcher, canonical
from beam_jobs.sources.row_validator import RowValidator
from beam_jobs.sources.split_assignment import split_names
from preprocess.spec import Spec

Item: TypeAlias = pa.RecordBatch | Reject | Count


@dataclass(frozen=True)
class RowReader:
    """Reads input splits; small and picklable.

    Attributes:
      spec: names the columns and what they are.
      schema: types of the kept columns, and domains; as `check_inputs` gives it.
      splits: names that `_split` indexes, as `split_names` gives them.
      optional: kept columns that a row may lack, which are null then.
    """

    spec: Spec
    schema: schema_pb2.Schema
    splits: Sequence[str]
    optional: frozenset[str] = frozenset()

    def read(self, input_split: InputSplit) -> Iterator[Item]:
        """Batches of one split each and in the order of the input, rejects, and last the books.

        Raises:
          InputError: the file is missing, cut short or damaged.
        """
        file, rejected, emitted, batches = input_split.file, 0, Counter[int](), RowBatcher()
        validator = RowValidator(file, self.spec, self.schema, self.splits, self.optional)
        for block in format_of(file).blocks(input_split, validator.wanted):
            validated = validator.validate(block)
            for row, reason in [*block.bad, *validated.reasons]:
                rejected += 1
                yield Reject(*file.place(row), unit(file), reason)
            for split, rows in canonical(file.index, block, validated, validator.columns):
                emitted[split] += rows.num_rows
                yield from batches.add(split, rows)
        yield from batches.flush()
        read = emitted.total() + rejected
        span = (input_split.start, input_split.stop)
        yield Count(file.index, read, rejected, dict(emitted), (span,), input_split.end)


def read_rows(files: Sequence[SourceFile], spec: Spec, schema: schema_pb2.Schema) -> Iterator[Item]:
    """Reads all files in order, in this process.

    Yields:
      What `RowReader.read` does, the books once for each input split; `total` sums them.

    Raises:
      InputError: a file that is missing, cut short or damaged.
    """
    reader = RowReader(spec, schema, split_names(spec, files))
    for file in files:
        for input_split in input_splits(file):
            yield from reader.read(input_split)
