"""What tokenization leaves of a batch: unique tokens, and for each row the places of its tokens.

The graph ran once over the texts; from here on only this crosses stages. The transform looks up
the unique tokens alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beam_jobs.analysis.raw_tensors import RawTensors
from beam_jobs.runtime.packing import binary, least_uint, lists, pack, unpack
from preprocess.core.row_position import SPLIT
from preprocess.spec import Spec

Arrays = Mapping[str, NDArray]
Packed = tuple[int, bytes, dict[str, bytes]]


@dataclass(frozen=True)
class TokenizedBatch:
    """Tokenized rows of one split.

    Attributes:
      split: index of the split.
      rows: the raw columns but the split, a text feature as list<uint>: places in its tokens.
      tokens: unique tokens of the batch, by text feature, in order of first occurrence.
    """

    split: int
    rows: pa.RecordBatch
    tokens: Mapping[str, pa.Array]

    def pack(self) -> Packed:
        """A value that Beam's primitive coder encodes as it is."""
        tokens = {
            name: pack(pa.record_batch([array], names=["token"]))
            for name, array in self.tokens.items()
        }
        return self.split, pack(self.rows), tokens

    @classmethod
    def unpack(cls, packed: Packed) -> TokenizedBatch:
        split, rows, tokens = packed
        return cls(split, unpack(rows), {n: unpack(t).column("token") for n, t in tokens.items()})

    @classmethod
    def of(cls, arrays: Arrays, spec: Spec, raw: RawTensors) -> TokenizedBatch:
        """Makes a batch of what the analysis graph gave for it; see `analysis.tensor_names`."""
        columns = {name: _column(name, arrays, spec, raw) for name in raw.types if name != SPLIT}
        tokens = {name: binary(arrays[f"{name}/tokens"]) for name in spec.text_features}
        rows = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
        return cls(int(arrays[SPLIT][0]), rows, tokens)


def _column(name: str, arrays: Arrays, spec: Spec, raw: RawTensors) -> pa.Array:
    if name in spec.text_features:
        places = least_uint(arrays[f"{name}/places"], len(arrays[f"{name}/tokens"]))
        return lists(places, arrays[f"{name}/lengths"])
    dtype = raw.types[name]
    if name in raw.sizes:
        values = arrays[name]
        return lists(values.reshape(-1), np.full(len(values), raw.sizes[name]))
    if pa.types.is_list(dtype):
        return lists(binary(arrays[f"{name}/values"]), arrays[f"{name}/lengths"])
    values = arrays[name]
    return binary(values) if pa.types.is_binary(dtype) else pa.array(values, dtype)
