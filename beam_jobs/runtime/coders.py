"""How Beam encodes Arrow record batches, and above all how it weighs them.

Beam samples the size of what passes between stages by encoding it. Without a coder of its own a
batch of several megabytes is pickled for that.
"""

from __future__ import annotations

import apache_beam as beam
import pyarrow as pa

from beam_jobs.runtime.packing import pack, unpack


class RecordBatchCoder(beam.coders.Coder):
    """Arrow IPC; not deterministic across versions of Arrow, so no key."""

    def encode(self, value: pa.RecordBatch) -> bytes:
        return pack(value)

    def decode(self, encoded: bytes) -> pa.RecordBatch:
        return unpack(encoded)

    def estimate_size(self, value: pa.RecordBatch) -> int:
        return int(value.nbytes)

    def is_deterministic(self) -> bool:
        return False

    def to_type_hint(self) -> type[pa.RecordBatch]:
        hint: type[pa.RecordBatch] = pa.RecordBatch
        return hint


beam.coders.registry.register_coder(pa.RecordBatch, RecordBatchCoder)
