"""Arrow IPC files and streams: read by record batch, big ones in slices out of mapped memory."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from beam_jobs.sources.block import Block
from beam_jobs.sources.columns.input_column import InputColumn
from beam_jobs.sources.file_header import FileHeader, refuse_duplicates
from beam_jobs.sources.input_split import SPLIT_BYTES, InputSplit, SourceFile, whole
from beam_jobs.sources.raw_files import check_size, open_stored, reading
from beam_jobs.sources.readers.arrow_messages import (
    END_OF_STREAM,
    MAGIC,
    BatchHead,
    batch_head,
    decoded_bytes,
    record_batches,
)
from beam_jobs.sources.readers.arrow_parts import parts, rows_at_once, runs
from preprocess.core.errors import InputError

_MAX_BATCH_BYTES = 1 << 30

_BYTES = {
    pa.string(): pa.binary(),
    pa.large_string(): pa.large_binary(),
    pa.string_view(): pa.binary_view(),
}
_LISTS = (
    (pa.types.is_list, pa.list_),
    (pa.types.is_large_list, pa.large_list),
    (pa.types.is_list_view, pa.list_view),
    (pa.types.is_large_list_view, pa.large_list_view),
)


def input_splits(file: SourceFile) -> list[InputSplit]:
    """Runs of record batches that together hold about 8 MB as stored; a stream is read whole."""
    with _opened(file) as opened:
        if opened.is_stream:
            return whole(file)
        listed = record_batches(opened.raw, file.size)
        rows = np.cumsum([0, *(batch_head(opened.raw, at).rows for at in listed)]).tolist()
    cuts = runs([at.body_bytes for at in listed], SPLIT_BYTES)
    return [InputSplit(file, start, stop, len(listed), rows[start]) for start, stop in cuts]


def read_header(file: SourceFile, wanted: Sequence[str]) -> FileHeader:
    """Types from the schema; rows are there if a record batch holds some."""
    with _opened(file) as opened:
        schema = opened.schema
        refuse_duplicates(file.path, schema.names, wanted)
        types = dict(zip(schema.names, schema.types, strict=True))
        return FileHeader(types, opened.has_rows(), is_complete=True)


def blocks(input_split: InputSplit, columns: Sequence[InputColumn]) -> Iterator[Block]:
    """The rows of the input split's record batches."""
    names = list(dict.fromkeys(column.source for column in columns))
    row = input_split.first_row
    with _opened(input_split.file) as opened:
        for batch in opened.batches(input_split, names):
            for part in opened.slices(batch):
                yield Block(part, np.arange(row, row + part.num_rows), [])
                row += part.num_rows


@dataclass(frozen=True)
class _Opened:
    """A file that is open.

    Attributes:
      file: which.
      raw: its bytes.
      source: its bytes as Arrow reads them.
      is_mapped: whether they are memory that the system fills as it is read.
      is_stream: whether no footer lists its record batches.
    """

    file: SourceFile
    raw: BinaryIO
    source: pa.NativeFile
    is_mapped: bool
    is_stream: bool

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the columns."""
        return (self._stream() if self.is_stream else self._file()).schema

    def has_rows(self) -> bool:
        """Whether any record batch holds a row."""
        if self.is_stream:
            return any(batch.num_rows for batch in self._stream())
        listed = record_batches(self.raw, self.file.size)
        return any(batch_head(self.raw, at).rows for at in listed)

    def batches(self, input_split: InputSplit, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The record batches of an input split, with some of their columns, in order."""
        chosen = [self.schema.get_field_index(name) for name in names]
        self._check_size()
        for batch in self._stream(chosen) if self.is_stream else self._listed(input_split, chosen):
            yield _checked(batch.select(names))
            self._check_size()

    def slices(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """A batch in parts of some megabytes, which own their memory."""
        rows = rows_at_once(batch.nbytes / max(batch.num_rows, 1))
        for start in range(0, batch.num_rows, rows):
            for part in parts(batch.slice(start, rows)):
                self._check_size()
                copied = [pa.concat_arrays([column]) for column in part.columns]
                yield pa.RecordBatch.from_arrays(copied, names=batch.schema.names)

    def _listed(self, input_split: InputSplit, chosen: Sequence[int]) -> Iterator[pa.RecordBatch]:
        listed = record_batches(self.raw, self.file.size)[input_split.start : input_split.stop]
        heads = [batch_head(self.raw, at) for at in listed]
        # Arrow copies what it chooses from: columns of mapped memory cost nothing unread.
        is_copied = not all(map(self._stays_mapped, heads))
        reader = self._file(chosen if is_copied else ())
        for index, head in enumerate(heads, input_split.start):
            self._refuse_large(head)
            yield reader.get_batch(index)

    def _stays_mapped(self, head: BatchHead) -> bool:
        return self.is_mapped and not head.is_compressed

    def _refuse_large(self, head: BatchHead) -> None:
        """Refuses a batch that would not fit into memory, where it must be read as a whole."""
        if self._stays_mapped(head):
            return
        size = decoded_bytes(self.raw, head)
        if size > _MAX_BATCH_BYTES:
            raise InputError(
                f"{self.file.path}: got a record batch of {size:,} bytes, expected at most "
                f"{_MAX_BATCH_BYTES:,}, as it is read as a whole; write the file in smaller "
                "batches, or without compression"
            )

    def _check_size(self) -> None:
        """Refuses a file that was cut meanwhile: memory mapped to what is gone must not be read."""
        if self.is_mapped:
            check_size(self.file)

    def _file(self, chosen: Sequence[int] = ()) -> pa.RecordBatchFileReader:
        options = pa.ipc.IpcReadOptions(included_fields=list(chosen))
        return pa.ipc.open_file(self.source, options=options)

    def _stream(self, chosen: Sequence[int] = ()) -> pa.RecordBatchStreamReader:
        self.raw.seek(max(0, self.file.size - len(END_OF_STREAM)))
        if self.raw.read() != END_OF_STREAM:
            raise OSError("neither an Arrow IPC file nor a stream that comes to its end")
        options = pa.ipc.IpcReadOptions(included_fields=list(chosen))
        self.source.seek(0)
        return pa.ipc.open_stream(self.source, options=options)


@contextmanager
def _opened(file: SourceFile) -> Iterator[_Opened]:
    with reading(file.path), open_stored(file) as raw:
        is_stream = raw.read(len(MAGIC)) != MAGIC
        mapped = _mapped(raw)
        source = pa.PythonFile(raw, mode="r") if mapped is None else pa.BufferReader(mapped)
        yield _Opened(file, raw, source, mapped is not None, is_stream)


def _mapped(raw: BinaryIO) -> pa.Buffer | None:
    try:
        return pa.py_buffer(mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):  # no file of the system, or an empty one
        return None


def _checked(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch whose values lie where it says, which Arrow takes on trust; texts as bytes."""
    columns = [_as_bytes(column) for column in batch.columns]
    checked = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    checked.validate(full=True)
    return checked


def _as_bytes(array: pa.Array) -> pa.Array:
    """The same without texts, of which one that is not UTF-8 would make the whole batch invalid."""
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, _as_bytes(array.dictionary))
    return array.view(_bytes_type(array.type))


def _bytes_type(kind: pa.DataType) -> pa.DataType:
    if kind in _BYTES:
        return _BYTES[kind]
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_bytes_type(kind.value_type), kind.list_size)
    for is_list, made in _LISTS:
        if is_list(kind):
            return made(_bytes_type(kind.value_type))
    return kind
