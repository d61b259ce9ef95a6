"""JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import InputSplit, SourceFile, byte_ranges
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import jsonl

if TYPE_CHECKING:
    from beam_jobs.sources.block import Block
    from beam_jobs.sources.columns.input_column import InputColumn
    from beam_jobs.sources.file_header import FileHeader


@dataclass(frozen=True)
class JsonlFormat(InputFormat):
    """An object a line."""

    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """Ranges of bytes; a compressed file is read whole."""
        return byte_ranges(file)

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Types that the first lines agree on."""
        return jsonl.read_header(file, wanted)

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The rows of the lines that begin in the input split."""
        return jsonl.blocks(input_split, columns)


JSONL = JsonlFormat("jsonl", ".jsonl", unit="byte", has_whole_floats=True)
