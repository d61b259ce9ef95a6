"""Buckets, rejects and output: how records are gathered and written."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from preprocess.core.declared import Declared, PlainName
from preprocess.core.maxima import MAX_STEPS
from preprocess.core.problem import problem

MAX_BUCKETS = 1_024
MAX_MULTIPLE = 4_096
MAX_SHARDS = 10_000
MAX_FILES = 100_000
"""Files of a split, each of which a worker opens and a reader lists."""

REJECTED_PARTS = 4
"""Files of rejected rows where the spec fixes no number: a row takes a line about it, no record."""

Boundary = Annotated[int, Field(ge=1, le=MAX_STEPS)]


def _auto_or_number(value: object) -> object:
    if value == "auto" or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise problem(f"got {value!r}", "auto or a number of files", "choose one of the two")


Shards = Annotated[
    Annotated[Literal["auto"], Tag("name")]
    | Annotated[int, Field(ge=1, le=MAX_SHARDS), Tag("number")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "number"),
    BeforeValidator(_auto_or_number),
]


class Buckets(Declared):
    """Batches of like length: where the lengths are cut into buckets."""

    by: PlainName | None = None
    """The text feature whose length chooses the bucket; null: the first text feature."""
    count: Annotated[int, Field(ge=1, le=MAX_BUCKETS)] = 8
    """Most buckets; boundaries are chosen for least padding."""
    multiple_of: Annotated[int, Field(ge=1, le=MAX_MULTIPLE)] = 1
    """Boundaries are multiples of this, as accelerators like them."""
    boundaries: Annotated[list[Boundary], Field(min_length=1, max_length=MAX_BUCKETS)] | None = None
    """Longest length of each bucket, in tokens, ascending; overrules `count`."""

    @model_validator(mode="after")
    def _boundaries_fit(self) -> Buckets:
        if self.boundaries is None:
            return self
        if any(high <= low for low, high in pairwise(self.boundaries)):
            raise problem(
                f"got {self.boundaries}",
                "ascending lengths, each once",
                "sort them, and remove repeated ones",
                at="boundaries",
            )
        if any(boundary % self.multiple_of for boundary in self.boundaries):
            raise problem(
                f"got {self.boundaries}",
                f"multiples of {self.multiple_of}",
                "align the boundaries or leave out multiple_of",
                at="boundaries",
            )
        return self

    @property
    def most(self) -> int:
        """How many buckets there are at most."""
        return self.count if self.boundaries is None else len(self.boundaries)


class Rejects(Declared):
    """Which rows are rejected, and how many may be."""

    max_fraction: Annotated[float, Field(ge=0, le=1)] = 0.01
    """The job fails when a larger part of the rows is rejected."""
    max_bytes: Annotated[int, Field(ge=1, le=1 << 30)] = 16 << 20
    """A longer row is rejected unread: bytes of a line, of a row of cells, or of an example."""


class Output(Declared):
    """How records are written."""

    shards: Shards = "auto"
    """Files for each split and bucket, 100,000 at most for a split; one must fit into a worker's
    memory. auto: one for every 128 MB of padded records, 8 bytes for each of their values. A kept
    text is one value, however long it is: set a number of files where long texts are kept."""
    compression: Literal["gzip", "none"] = "gzip"
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Seed of the shuffle."""

    @property
    def rejected_parts(self) -> int:
        """Files of rejected rows."""
        return REJECTED_PARTS if self.shards == "auto" else self.shards

    @property
    def tfrecord_compression(self) -> str:
        """The compression as `tf.data.TFRecordDataset` takes it."""
        return "GZIP" if self.compression == "gzip" else ""
