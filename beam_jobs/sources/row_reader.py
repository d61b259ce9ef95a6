"""Reads pieces of files into canonical batches, rejected rows and books; no Beam here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2

from beam_jobs.sources.formats import format_of, pieces, unit
from beam_jobs.sources.input_split import Piece, SourceFile
from beam_jobs.sources.rejects import Count, Reject
from beam_jobs.sources.row_batches import Batches, canonical
from beam_jobs.sources.row_validator import Judge
from beam_jobs.sources.split_assignment import split_names
from preprocess.spec import Spec

Item: TypeAlias = pa.RecordBatch | Reject | Count


@dataclass(frozen=True)
class RowReader:
    """Reads pieces; small and picklable.

    Attributes:
      spec: names the columns and what they are.
      schema: types of the kept columns, and domains; as `check_inputs` gives it.
      splits: names that `_split` indexes, as `split_names` gives them.
    """

    spec: Spec
    schema: schema_pb2.Schema
    splits: Sequence[str]

    def read(self, piece: Piece) -> Iterator[Item]:
        """Batches of one split each and in the order of the input, rejects, and last the books.

        Raises:
          InputError: the file is missing, cut short or damaged.
        """
        file, rejected, emitted, batches = piece.file, 0, Counter[int](), Batches()
        judge = Judge(file, self.spec, self.schema, self.splits)
        for block in format_of(file).blocks(piece, judge.wanted):
            judged = judge.judge(block)
            for row, reason in [*block.bad, *judged.reasons]:
                rejected += 1
                yield Reject(file.path, row, unit(file), reason)
            for split, rows in canonical(file.index, block, judged, judge.columns):
                emitted[split] += rows.num_rows
                yield from batches.add(split, rows)
        yield from batches.rest()
        read = emitted.total() + rejected
        yield Count(file.index, read, rejected, dict(emitted))


def read_rows(files: Sequence[SourceFile], spec: Spec, schema: schema_pb2.Schema) -> Iterator[Item]:
    """Reads all files in order, in this process.

    Yields:
      What `RowReader.read` does, the books once for each piece; `total` sums them.

    Raises:
      InputError: a file that is missing, cut short or damaged.
    """
    reader = RowReader(spec, schema, split_names(spec, files))
    for file in files:
        for piece in pieces(file):
            yield from reader.read(piece)
