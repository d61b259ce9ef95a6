"""What an input format is: a name, some facts, and three operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from beam_jobs.sources.input_split import InputSplit, SourceFile

if TYPE_CHECKING:  # what a help text needs of a format must be light
    from beam_jobs.sources.block import Block
    from beam_jobs.sources.columns.input_column import InputColumn
    from beam_jobs.sources.file_header import FileHeader


@dataclass(frozen=True)
class InputFormat(ABC):
    """A format of raw files.

    Attributes:
      name: as `SourceFile.format` has it.
      suffix: of a file of this format; empty where the spec alone declares suffixes.
      also: other suffixes of such a file.
      types: what is known of the type of a value: nothing, as all are "text"; what its text
        shows, as it is "written"; what is "found" in a row; or what the file has "declared" for a
        column.
      unit: what places a row: its number ("row"), or its first "byte" where the file is not
        compressed.
      takes_gzip: whether a file may be compressed, and then ends in `.gz`.
      is_text: whether a file is text in UTF-8 when it is decompressed.
      has_one_column: whether a file holds one column without a name.
      path_columns: columns that the path of a file gives beside it.
    """

    name: str
    suffix: str
    also: tuple[str, ...] = ()
    types: Literal["text", "written", "found", "declared"] = "found"
    unit: Literal["row", "byte"] = "row"
    takes_gzip: bool = True
    is_text: bool = True
    has_one_column: bool = False
    path_columns: tuple[str, ...] = ()

    @property
    def has_cells(self) -> bool:
        """Whether every value is text, of which numbers are parsed."""
        return self.types == "text"

    @property
    def suffixes(self) -> list[str]:
        """What the name of a file may end in."""
        named = [self.suffix, *self.also] if self.suffix else []
        return [*named, *(f"{name}.gz" for name in named)] if self.takes_gzip else named

    def is_begun_by(self, head: bytes) -> bool:
        """Whether `head`, as a file begins, is sure to be of this format; of text nothing is."""
        return False

    @abstractmethod
    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """The input splits that workers read, in order."""

    @abstractmethod
    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Reads from the beginning of the file what is known of the columns that are wanted."""

    @abstractmethod
    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The raw rows of an input split."""
