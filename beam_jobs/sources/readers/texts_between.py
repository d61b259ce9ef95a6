"""Parts of some bytes as an Arrow array."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def texts_between(
    data: bytes | npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
    stops: npt.NDArray[np.int64],
) -> pa.Array:
    """The bytes from each start to its stop.

    Args:
      data: up to 2 GiB.
      starts: shape (n,), ascending.
      stops: shape (n,), each at least its start and at most the next one.

    Returns:
      binary, of length n.
    """
    # An array of what lies in the parts and between them, of which Arrow takes every other value.
    bounds = np.empty(2 * len(starts) + 1, np.int32)
    bounds[:-1:2], bounds[1::2], bounds[-1] = starts, stops, len(data)
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(data)]
    alternating = pa.Array.from_buffers(pa.binary(), 2 * len(starts), buffers)
    return alternating.take(pa.array(np.arange(0, 2 * len(starts), 2)))
