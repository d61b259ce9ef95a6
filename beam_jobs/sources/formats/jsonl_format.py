"""JSON lines: an object a line; read in ranges of bytes unless compressed."""

from __future__ import annotations

from beam_jobs.sources.formats.reader_format import ReaderFormat
from beam_jobs.sources.input_split import byte_ranges
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import jsonl

JSONL = ReaderFormat(
    "jsonl",
    ".jsonl",
    types="written",
    unit="byte",
    reader=jsonl,
    cut=byte_ranges,
)
