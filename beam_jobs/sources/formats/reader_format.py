"""A format that a module of `readers` reads, without more options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import InputSplit, SourceFile

if TYPE_CHECKING:
    from beam_jobs.sources.block import Block
    from beam_jobs.sources.columns.input_column import InputColumn
    from beam_jobs.sources.file_header import FileHeader


class Reader(Protocol):
    """A module of `readers`."""

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Reads from the beginning of the file what is known of the columns that are wanted."""

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The raw rows of an input split."""


@dataclass(frozen=True)
class ReaderFormat(InputFormat):
    """A format whose rows a module reads.

    Attributes:
      reader: the module, imported lazily.
      cut: the input splits of a file, in order.
      begins: whether a file of this format begins so; None for text, which may begin with anything.
    """

    reader: Reader = field(kw_only=True)
    cut: Callable[[SourceFile], list[InputSplit]] = field(kw_only=True)

    begins: Callable[[bytes], bool] | None = field(default=None, kw_only=True)

    def is_begun_by(self, head: bytes) -> bool:
        """Asks `begins`."""
        return self.begins is not None and self.begins(head)

    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """Cuts a file with `cut`."""
        return self.cut(file)

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Header, read by the module."""
        return self.reader.read_header(file, wanted)

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """Raw rows, read by the module."""
        return self.reader.blocks(input_split, columns)
