"""Arrow data as the bytes that cross a shuffle: columns only, compressed, no schema repeated.

A local shuffle holds a multiple of what crosses it, so every byte less counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_OPTIONS = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=1))


def pack(batch: pa.RecordBatch) -> bytes:
    """A record batch as an Arrow IPC stream of zstd-compressed buffers."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_OPTIONS) as writer:
        writer.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def pack_table(table: pa.Table) -> bytes:
    """`pack` of all rows of a table as one batch.

    Raises:
      ValueError: a column holds 2 GB of text or more.
    """
    batches = table.combine_chunks().to_batches() or [
        pa.RecordBatch.from_pylist([], schema=table.schema)
    ]
    if len(batches) > 1:
        raise ValueError("got 2 GB in one column of a packed table, expected less")
    return pack(batches[0])


def unpack_table(packed: bytes) -> pa.Table:
    """The table that `pack_table` was given."""
    return pa.Table.from_batches([unpack(packed)])


def unpack(packed: bytes) -> pa.RecordBatch:
    """What `pack` was given."""
    return pa.ipc.open_stream(packed).read_next_batch()


def unpack_all(packed: bytes) -> list[pa.RecordBatch]:
    """What `pack` was given, call by call, of whose results `packed` is the sum."""
    source, batches = pa.BufferReader(packed), []
    while source.tell() < len(packed):
        batches += list(pa.ipc.open_stream(source))
    return batches


def least_uint(values: NDArray[np.integer], below: int) -> NDArray[np.unsignedinteger]:
    """`values` in the least unsigned dtype that holds every number less than `below`."""
    for dtype in (np.uint8, np.uint16, np.uint32):
        if below <= np.iinfo(dtype).max + 1:
            return values.astype(dtype)
    return values.astype(np.uint64)


def lists(values: NDArray[Any] | pa.Array, lengths: NDArray[np.integer]) -> pa.Array:
    """A list array of flat values and row lengths: `large_list` where 32-bit offsets end."""
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    flat = values if isinstance(values, pa.Array) else pa.array(values)
    if offsets[-1] > np.iinfo(np.int32).max:
        return pa.LargeListArray.from_arrays(pa.array(offsets), flat)
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), flat)


def row_lengths(column: pa.Array) -> NDArray[np.int64]:
    """The number of values in each row of a list array."""
    lengths: NDArray[np.integer] = pc.list_value_length(column).to_numpy(zero_copy_only=False)
    return lengths.astype(np.int64)


def binary_between(content: NDArray[np.uint8], bounds: NDArray[np.int64]) -> pa.Array:
    """Pieces of one run of bytes as a binary array, without a Python object for each.

    Args:
      content: uint8, shape (bytes,).
      bounds: shape (2 * pieces,): where each piece begins and ends, in turn and ascending.
    """
    kind: pa.DataType = pa.binary()
    dtype: type[np.signedinteger] = np.int32
    if len(content) > np.iinfo(np.int32).max:
        kind, dtype = pa.large_binary(), np.int64
    if not len(bounds):
        return pa.array([], kind)
    buffers = [None, pa.py_buffer(bounds.astype(dtype)), pa.py_buffer(content)]
    # What stands between pieces is an element too, until it is left out.
    elements = len(bounds) - 1
    array = pa.Array.from_buffers(kind, elements, buffers)
    return array.take(pa.array(np.arange(0, elements, 2)))


def binary(values: NDArray[np.object_]) -> pa.Array:
    """Bytes objects, as TensorFlow hands strings over, as an Arrow array."""
    return pa.array(values, pa.binary())
