"""Plain text: a text a line, of a column without a name; read in ranges of bytes."""

from __future__ import annotations

from beam_jobs.sources.formats.reader_format import ReaderFormat
from beam_jobs.sources.input_split import byte_ranges
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import plain_text

TEXT = ReaderFormat(
    "txt",
    ".txt",
    types="text",
    unit="byte",
    has_one_column=True,
    reader=plain_text,
    cut=byte_ranges,
)
