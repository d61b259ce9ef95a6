"""What tokenization leaves of a batch: unique tokens, and for each row the places of its tokens.

The graph ran once over the texts; from here on only this crosses stages. The transform looks up
the unique tokens alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from beam_jobs.analysis.analysis_columns import AnalysisColumn, Arrays, TokensColumn
from beam_jobs.runtime.packing import least_uint, lists, pack, row_lengths, unpack_all
from preprocess.core.row_position import SPLIT

_SPLIT = b"split"


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

    def pack(self) -> bytes:
        """Streams of Arrow IPC, one after the other: the rows, then each feature's tokens."""
        rows = self.rows.replace_schema_metadata({_SPLIT: str(self.split)})
        tokens = (pa.record_batch([array], names=[name]) for name, array in self.tokens.items())
        return b"".join(map(pack, (rows, *tokens)))

    @classmethod
    def unpack(cls, packed: bytes) -> TokenizedBatch:
        """The batch that `pack` was called on."""
        rows, *others = unpack_all(packed)
        tokens = {batch.schema.names[0]: batch.column(0) for batch in others}
        return cls(int(rows.schema.metadata[_SPLIT]), rows.replace_schema_metadata(None), tokens)

    @classmethod
    def of(cls, arrays: Arrays, columns: Sequence[AnalysisColumn]) -> TokenizedBatch:
        """Makes a batch of what the analysis graph gave for its columns."""
        kept = {column.name: column.array(arrays) for column in columns if column.name != SPLIT}
        tokens = {}
        for column in columns:
            if isinstance(column, TokensColumn):
                kept[column.name], tokens[column.name] = _apart(kept[column.name])
        rows = pa.RecordBatch.from_arrays(list(kept.values()), names=list(kept))
        return cls(int(arrays[SPLIT][0]), rows, tokens)


def _apart(encoded: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Lists of places, and the unique tokens that they are the places of."""
    indices, unique = encoded.values.indices.to_numpy(), encoded.values.dictionary
    places = lists(least_uint(indices, len(unique)), row_lengths(encoded))
    return places, unique.cast(pa.binary())
