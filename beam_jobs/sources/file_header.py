"""What is known of a file from its beginning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from preprocess.core.errors import InputError

SAMPLE_ROWS = 100
HEAD_BYTES = 1 << 20


@dataclass(frozen=True)
class FileHeader:
    """What is known of a file before it is read.

    Attributes:
      types: raw column to Arrow type; None for a type that only the rows themselves show.
      has_rows: False when the file has none.
      is_complete: whether `types` names every column that the file has.
    """

    types: dict[str, pa.DataType | None]
    has_rows: bool
    is_complete: bool


def refuse_duplicates(path: str, names: Iterable[str], wanted: Iterable[str]) -> None:
    """Refuses a file in whose header a column that is wanted stands twice.

    Raises:
      InputError: names the column.
    """
    counts = Counter(names)
    for name in wanted:
        if counts[name] > 1:
            raise InputError(
                f"{path}: got {counts[name]} columns called {name!r}, expected one; "
                "rename the others"
            )
