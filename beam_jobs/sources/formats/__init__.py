"""One small interface over the file formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Protocol, cast

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.formats import delimited, jsonl, parquet, plain_text, tfrecord_examples
from beam_jobs.sources.input_split import InputSplit, SourceFile

_MODULES: dict[str, ModuleType] = {
    "parquet": parquet,
    "jsonl": jsonl,
    "csv": delimited,
    "tsv": delimited,
    "txt": plain_text,
    "tfrecord": tfrecord_examples,
}


class Format(Protocol):
    """What every input format can do."""

    def input_splits(self, file: SourceFile) -> list[InputSplit]:
        """The input splits that workers read."""

    def read_header(self, file: SourceFile, wanted: Sequence[str]) -> FileHeader:
        """Reads from the beginning of the file what is known of the columns that are wanted."""

    def blocks(self, input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
        """The raw rows of an input split."""


def format_of(file: SourceFile) -> Format:
    """The format of `file`."""
    return cast(Format, _MODULES[file.format])


def input_splits(file: SourceFile) -> list[InputSplit]:
    """The input splits that `file` is read in, in order.

    Raises:
      InputError: a Parquet file whose footer cannot be read.
    """
    return format_of(file).input_splits(file)


def unit(file: SourceFile) -> str:
    """What places a row of `file`: the number of the "row", or of its first "byte"."""
    return "byte" if file.format in ("jsonl", "txt") and not file.is_compressed else "row"
