"""What tokenization leaves of a batch: unique tokens, and for each row the places of its tokens.

The graph ran once over the texts; from here on only this crosses stages. The transform looks up
the unique tokens alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from beam_jobs.analysis.analysis_columns import AnalysisColumn, Arrays, TokensColumn
from beam_jobs.runtime.packing import binary, pack, unpack
from preprocess.core.row_position import SPLIT

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
        """The batch that `pack` was called on."""
        split, rows, tokens = packed
        return cls(split, unpack(rows), {n: unpack(t).column("token") for n, t in tokens.items()})

    @classmethod
    def of(cls, arrays: Arrays, columns: Sequence[AnalysisColumn]) -> TokenizedBatch:
        """Makes a batch of what the analysis graph gave for its columns."""
        kept = {column.name: column.array(arrays) for column in columns if column.name != SPLIT}
        tokens = {
            column.name: binary(column.arrays(arrays)[0])
            for column in columns
            if isinstance(column, TokensColumn)
        }
        rows = pa.RecordBatch.from_arrays(list(kept.values()), names=list(kept))
        return cls(int(arrays[SPLIT][0]), rows, tokens)
