"""The columns that every batch of raw rows begins with: where a row comes from, and its split."""

from __future__ import annotations

import pyarrow as pa

SOURCE, ROW, SPLIT = "_source", "_row", "_split"
"""Index of the file; number of the row in it, or offset in bytes; index of the split."""

POSITION = [(SOURCE, pa.int32()), (ROW, pa.int64()), (SPLIT, pa.int32())]
"""Name and Arrow type of each, in the order of a batch."""
