"""Parquet: columns of declared types; read in runs of row groups."""

from __future__ import annotations

from beam_jobs.sources.formats.reader_format import ReaderFormat
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import parquet

PARQUET = ReaderFormat(
    "parquet",
    ".parquet",
    types="declared",
    takes_gzip=False,
    is_text=False,
    reader=parquet,
    begins=lambda head: head.startswith(b"PAR1"),
    cut=lambda file: parquet.input_splits(file),  # imported when a file is cut
)
