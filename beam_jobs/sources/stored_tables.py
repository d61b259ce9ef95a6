"""Tables in memory, stored as files for as long as a job reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from preprocess.artifact.output_file import described

_BATCH_ROWS = 1 << 14


@dataclass(frozen=True)
class StoredTable:
    """A table that was in memory.

    Attributes:
      name: what a manifest, or an error, calls it.
      split: the split of its rows, or None.
      path: the Arrow IPC file that holds it now.
      size: bytes of that file.
      sha256: of that file, in hex; equal for equal columns.
    """

    name: str
    split: str | None
    path: str
    size: int
    sha256: str


def store_table(
    table: pa.Table, name: str, split: str | None, wanted: Collection[str], folder: str
) -> StoredTable:
    """Writes a table where workers of this machine can read it.

    Args:
      table: with columns of any type.
      name: what a manifest, or an error, calls it.
      split: the split of its rows, or None.
      wanted: the columns that are read; if the table lacks one, all of its columns are written.
      folder: holds the file.
    """
    path = f"{folder}/{name.replace(':', '-')}.arrow"
    table = _canonical(table, wanted)
    with pa.ipc.new_file(path, table.schema) as file:
        for batch in table.to_batches(_BATCH_ROWS):
            file.write_batch(batch)
    written = described(path, name)
    return StoredTable(name, split, path, written.bytes, written.sha256)


def _canonical(table: pa.Table, wanted: Collection[str]) -> pa.Table:
    """The columns that are read in the order of the table, however it is cut into chunks."""
    names = [name for name in table.column_names if name in wanted]
    if set(names) == set(wanted):
        table = table.select(list(dict.fromkeys(names)))
    # Without notes, such as those of pandas.
    return table.unify_dictionaries().combine_chunks().replace_schema_metadata()
