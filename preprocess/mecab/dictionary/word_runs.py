"""The words of a surface: a run in the order of the file, as one int32, `256 * first + count`.

So MeCab's dictionary compiler writes the value of a key (dictionary.cpp: `bsize + (idx << 8)`), and
so the segmenter keeps it. `run_of` and `counts_of` take NumPy's arrays and TensorFlow's tensors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

COUNT_BITS = 8


def run_of(first: Any, count: Any) -> Any:
    """The value of the run of `count` words from the word `first` on."""
    return first * (1 << COUNT_BITS) + count


def firsts_of(runs: np.ndarray) -> np.ndarray:
    """The first word of each run, of its shape and dtype."""
    return runs >> COUNT_BITS


def counts_of(runs: Any) -> Any:
    """The number of words of each run, of its shape and dtype."""
    return runs & ((1 << COUNT_BITS) - 1)
