"""How long the sequences of a record are."""

from __future__ import annotations

from preprocess.core.declared import Declared


class BucketPlan(Declared):
    """The padded lengths of every bucket.

    A record goes to the least boundary that is not below the length of the text feature `by`.
    """

    by: str
    boundaries: list[int]
    lengths: dict[str, int]
    """Padded length of each other text feature."""

    def padded_length(self, feature: str, boundary: int) -> int:
        """Length of `feature` in the records of the bucket `boundary`, in tokens."""
        return boundary if feature == self.by else self.lengths[feature]
