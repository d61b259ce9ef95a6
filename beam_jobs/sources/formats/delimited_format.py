"""CSV and its kin: cells of text between delimiters, and a header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import InputSplit, SourceFile, whole
from preprocess.core.lazy import lazy_imports
from preprocess.spec.formats import Dialect

with lazy_imports():
    from beam_jobs.sources.readers import delimited

if TYPE_CHECKING:
    from beam_jobs.sources.block import Block
    from beam_jobs.sources.columns.input_column import InputColumn
    from beam_jobs.sources.file_header import FileHeader


@dataclass(frozen=True)
class DelimitedFormat(InputFormat):
    """Cells of text between delimiters; a file is read whole, as a cell may hold line breaks.

    Attributes:
      dialect: how the cells are written where the spec does not say it of the suffix.
    """

    dialect: Dialect = field(default_factory=Dialect, kw_only=True)

    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """One."""
        return whole(file)

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Names from the header; all cells are text."""
        return delimited.read_header(file, wanted, file.dialect or self.dialect)

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The rows of the file, placed by number."""
        return delimited.blocks(input_split, columns, input_split.file.dialect or self.dialect)
