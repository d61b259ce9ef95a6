"""How many examples a batch holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from preprocess.core.errors import UsageError

DEFAULT_BATCH_SIZE = 64


@dataclass(frozen=True)
class Batching:
    """How many examples a batch holds: a fixed number, or as many as a number of tokens allows.

    Attributes:
      batch_size: examples of a batch.
      batch_tokens: tokens of the bucket feature in a batch, padding included.
      drop_remainder: whether the last batch of a bucket is dropped when it is not full.
    """

    batch_size: int | None = None
    batch_tokens: int | None = None
    drop_remainder: bool = False

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_tokens is not None:
            raise UsageError(
                f"got batch_size={self.batch_size} and batch_tokens={self.batch_tokens}, "
                "expected one of the two; leave one out"
            )
        for name in ("batch_size", "batch_tokens"):
            at_least(name, getattr(self, name), 1)

    def examples(self, boundary: int) -> int:
        """Examples of a full batch of the bucket `boundary`."""
        if self.batch_tokens is not None:
            return max(1, self.batch_tokens // boundary)
        return self.batch_size or DEFAULT_BATCH_SIZE

    def batches(self, records: int, boundary: int) -> int:
        """Batches of a bucket with `records` records."""
        full, rest = divmod(records, self.examples(boundary))
        return full + (rest > 0 and not self.drop_remainder)


def at_least(name: str, value: int | None, least: int) -> None:
    """Refuses what is no integer, or one below `least`, or beyond int64; None is fine.

    Raises:
      UsageError: names the option.
    """
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise UsageError(f"got {name}={value!r}, expected an integer of at least {least}")
    if not least <= value < 2**63:
        raise UsageError(f"got {name}={value}, expected at least {least} and below 2**63")
