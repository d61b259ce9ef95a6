"""Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import InputSplit, SourceFile
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import parquet

if TYPE_CHECKING:
    from beam_jobs.sources.block import Block
    from beam_jobs.sources.columns.input_column import InputColumn
    from beam_jobs.sources.file_header import FileHeader


@dataclass(frozen=True)
class ParquetFormat(InputFormat):
    """Columns of declared types, in row groups."""

    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """Runs of row groups that together hold about 8 MB before compression."""
        return parquet.input_splits(file)

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Types and number of rows from the footer."""
        return parquet.read_header(file, wanted)

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The rows of the input split's row groups, placed by number."""
        return parquet.blocks(input_split, columns)


PARQUET = ParquetFormat("parquet", ".parquet", types="declared", takes_gzip=False)
