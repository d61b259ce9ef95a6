"""A text a file, where the spec declares it of a suffix; read in groups."""

from __future__ import annotations

from beam_jobs.sources.formats.reader_format import ReaderFormat
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import file_rows

FILE_ROWS = ReaderFormat(
    "file",
    "",
    types="text",
    has_one_column=True,
    path_columns=("_folder", "_file"),
    reader=file_rows,
    cut=lambda file: file_rows.input_splits(file),  # imported when a group is cut
)
