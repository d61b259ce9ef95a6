"""Input formats, one a file. To add one: write its file, and import its value, by one line."""

from __future__ import annotations

from beam_jobs.sources.formats.arrow_format import ARROW as ARROW
from beam_jobs.sources.formats.csv_format import CSV as CSV
from beam_jobs.sources.formats.declared_format import DECLARED as DECLARED
from beam_jobs.sources.formats.file_format import FILE_ROWS as FILE_ROWS
from beam_jobs.sources.formats.jsonl_format import JSONL as JSONL
from beam_jobs.sources.formats.parquet_format import PARQUET as PARQUET
from beam_jobs.sources.formats.text_format import TEXT as TEXT
from beam_jobs.sources.formats.tfrecord_format import TFRECORD as TFRECORD
from beam_jobs.sources.formats.tsv_format import TSV as TSV
from beam_jobs.sources.input_format import InputFormat
from beam_jobs.sources.input_split import InputSplit, SourceFile

FORMATS = tuple(value for value in tuple(globals().values()) if isinstance(value, InputFormat))
"""Every format that is imported here, in the order of messages and help texts."""

SUFFIXES = {suffix: known.name for known in FORMATS for suffix in known.suffixes}
"""What the name of a file may end in, and the name of its format."""

_BY_NAME = {known.name: known for known in FORMATS}


def format_of(file: SourceFile) -> InputFormat:
    """The format of `file`."""
    return _BY_NAME[file.format]


def input_splits(file: SourceFile) -> list[InputSplit]:
    """The input splits that `file` is read in, in order.

    Raises:
      InputError: a Parquet or Arrow file whose footer cannot be read.
    """
    return format_of(file).input_splits(file)


def unit(file: SourceFile) -> str:
    """What places a row of `file`: the number of the "row", or of its first "byte"."""
    return "row" if file.is_compressed else format_of(file).unit
