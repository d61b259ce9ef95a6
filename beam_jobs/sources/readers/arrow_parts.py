"""Batches as Arrow's readers give them, cut into parts of a bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from beam_jobs.sources.block import BLOCK_BYTES, BLOCK_ROWS
from beam_jobs.sources.columns.convert import is_textual, plain

_MOST_BYTES = 64 << 20
_VIEW_INTEGERS = 4  # of 32 bits, the first of which is the length
_VIEWS = (pa.string_view(), pa.binary_view())


def runs(sizes: Sequence[int], least: int) -> Iterator[tuple[int, int]]:
    """Cuts a list of sizes into runs of at least `least`; the last may hold less.

    No sizes make one empty run, so that a file without rows is seen to have been read.
    """
    if not sizes:
        yield 0, 0
    start, held = 0, 0
    for index, size in enumerate(sizes):
        held += size
        if held >= least or index == len(sizes) - 1:
            yield start, index + 1
            start, held = index + 1, 0


def rows_at_once(row_bytes: float) -> int:
    """Rows of some bytes that together hold some megabytes."""
    return int(min(BLOCK_ROWS, max(16, 2 * BLOCK_BYTES / max(row_bytes, 1))))


def parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch in parts whose texts do not pass some megabytes once dictionaries are undone."""
    sizes = sum((_text_bytes(array) for array in batch.columns), np.zeros(batch.num_rows))
    numbers = np.cumsum(sizes) // _MOST_BYTES
    starts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), batch.num_rows]
    return (batch.slice(start, stop - start) for start, stop in pairwise(starts))


def _text_bytes(array: pa.Array) -> npt.NDArray[np.float64]:
    """Bytes of each text, with those that stand in a dictionary; 0 for other values."""
    if pa.types.is_dictionary(array.type) and is_textual(array.type.value_type):
        lengths = pc.binary_length(plain(array.dictionary)).take(array.indices)
    elif array.type in _VIEWS:  # which few of Arrow's functions take
        lengths = _view_lengths(array)
    elif is_textual(array.type):
        lengths = pc.binary_length(array)
    else:
        return np.zeros(len(array))
    return np.asarray(pc.fill_null(lengths, 0), np.float64)


def _view_lengths(array: pa.Array) -> pa.Array:
    views = np.frombuffer(array.buffers()[1], np.int32)[::_VIEW_INTEGERS]
    chosen = views[array.offset : array.offset + len(array)]
    return pa.array(chosen, mask=np.asarray(array.is_null()))
