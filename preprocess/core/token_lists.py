"""Lists of tokens as `serving/` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def padded(rows: Sequence[Sequence[bytes]] | NDArray[Any]) -> NDArray[np.object_]:
    """bytes, shape (rows, most tokens, at least 1): the empty string, which is no token, fills up.

    Args:
      rows: the tokens of each.
    """
    result = np.full((len(rows), max([1, *map(len, rows)])), b"", object)
    for row, tokens in zip(result, rows, strict=True):
        row[: len(tokens)] = tokens
    return result
