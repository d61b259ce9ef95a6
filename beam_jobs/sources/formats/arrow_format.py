"""Arrow IPC, of which Feather is one: columns of declared types; read in runs of record batches."""

from __future__ import annotations

from beam_jobs.sources.formats.reader_format import ReaderFormat
from preprocess.core.lazy import lazy_imports

with lazy_imports():
    from beam_jobs.sources.readers import arrow_ipc, arrow_messages

ARROW = ReaderFormat(
    "arrow",
    ".arrow",
    also=(".arrows", ".feather"),
    types="declared",
    takes_gzip=False,
    is_text=False,
    reader=arrow_ipc,
    begins=lambda head: head.startswith((arrow_messages.MAGIC, arrow_messages.STREAM_MARK)),
    cut=lambda file: arrow_ipc.input_splits(file),  # imported when a file is cut
)
