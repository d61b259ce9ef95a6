"""Files of which each is a row: its text, named by its folder and its own name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from beam_jobs.sources.block import BLOCK_BYTES, BLOCK_ROWS, Block, too_long
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader
from beam_jobs.sources.input_split import SPLIT_BYTES, InputSplit, SourceFile
from beam_jobs.sources.raw_files import open_content, reading
from beam_jobs.sources.readers.arrow_parts import runs
from preprocess.core.first_bytes import UTF8_BOM
from preprocess.core.storage import is_uri

FOLDER, FILE = "_folder", "_file"
"""The columns that a path is: its last folder, and the name of the file without its suffix."""

_OPENING_BYTES = 2 << 10  # that are read in the time that it takes to open a file

Texts = list[bytes | None]


def input_splits(file: SourceFile) -> list[InputSplit]:
    """Runs of files that together take as long to read as 8 MB of one."""
    costs = [member.size + _OPENING_BYTES for member in file.members]
    return [
        InputSplit(file.part(start, stop), start, stop, len(costs))
        for start, stop in runs(costs, SPLIT_BYTES)
    ]


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """The columns that are wanted: parts of the path, and the text, whatever its name."""
    return FileHeader({name: pa.binary() for name in wanted}, has_rows=True, is_complete=False)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The files of the input split, placed by number.

    Line breaks are read as Python reads those of a text: CRLF and CR become LF.
    """
    names = list(dict.fromkeys(column.source for column in columns))
    why = too_long(input_split.file.max_row_bytes)
    at = input_split.start
    for members, texts in _some(input_split.file.members):
        good = [number for number, text in enumerate(texts) if text is not None]
        bad = [(at + number, why) for number, text in enumerate(texts) if text is None]
        chosen = [members[number] for number in good]
        arrays = [_column(name, chosen, [texts[number] for number in good]) for name in names]
        table = pa.RecordBatch.from_arrays(arrays, names=names)
        yield Block(table, np.array(good, np.int64) + at, bad)
        at += len(texts)


def _column(name: str, files: Sequence[SourceFile], texts: Texts) -> pa.Array:
    of_path = {FOLDER: _folder, FILE: _name}.get(name)
    if of_path is None:
        return pa.array(texts, pa.binary())
    return pa.array([of_path(file.path).encode() for file in files], pa.binary())


def _folder(path: str) -> str:
    whole = path if is_uri(path) else os.path.abspath(path)
    return os.path.basename(os.path.dirname(whole))


def _name(path: str) -> str:
    return os.path.basename(path).removesuffix(".gz").rpartition(".")[0]


def _some(files: Sequence[SourceFile]) -> Iterator[tuple[list[SourceFile], Texts]]:
    """Some megabytes of files and their texts at a time."""
    members: list[SourceFile] = []
    texts: Texts = []
    size = 0
    for file in files:
        text = _text(file)
        members.append(file)
        texts.append(text)
        size += len(text or b"")
        if size >= BLOCK_BYTES or len(texts) >= BLOCK_ROWS:
            yield members, texts
            members, texts, size = [], [], 0
    if texts:
        yield members, texts


def _text(file: SourceFile) -> bytes | None:
    """The text of a file; None if it is longer than a row may be."""
    most = file.max_row_bytes + len(UTF8_BOM)
    with reading(file.path), open_content(file) as content:
        text = content.read(most + 1).removeprefix(UTF8_BOM)
    if len(text) > file.max_row_bytes:
        return None
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
