"""TFRecord files of tf.train.Example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import InputSplit, SourceFile, whole
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import tfrecord_examples

if TYPE_CHECKING:
    from beam_jobs.sources.block import Block
    from beam_jobs.sources.columns.input_column import InputColumn
    from beam_jobs.sources.file_header import FileHeader


@dataclass(frozen=True)
class TFRecordInput(InputFormat):
    """An Example a record."""

    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """One, as records can only be found from the beginning."""
        return whole(file)

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Types that the first examples agree on."""
        return tfrecord_examples.read_header(file, wanted)

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The examples of the file, placed by number."""
        return tfrecord_examples.blocks(input_split, columns)


TFRECORD = TFRecordInput("tfrecord", ".tfrecord")
